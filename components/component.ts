import * as pulumi from "@pulumi/pulumi";

/**
 * A component whose children wait for the component's dependencies.
 *
 * A dependency *on* a component reaches all of its children (https://github.com/pulumi/pulumi/issues/7542), but a
 * component's own `dependsOn` reaches none of them: they would be created later, as children wait for their parent, but
 * nothing would remember it, and `pulumi destroy` could take istiod away before the objects that need it. Other options,
 * such as `deletedWith` and `protect`, children inherit from their parent by themselves.
 */
export abstract class Component extends pulumi.ComponentResource {
    /** Options for each child: this parent, and what the component waits for. */
    protected readonly childOptions: pulumi.CustomResourceOptions;

    constructor(type: string, name: string, opts: pulumi.ComponentResourceOptions = {}) {
        super(`oke-mesh:${type}`, name, {}, opts);
        this.childOptions = { parent: this, dependsOn: opts.dependsOn };
    }

    /** The child options, waiting for `resources` as well. */
    protected after(...resources: pulumi.Resource[]): pulumi.CustomResourceOptions {
        return pulumi.mergeOptions(this.childOptions, { dependsOn: resources });
    }
}
