import * as pulumi from "@pulumi/pulumi";

/**
 * A component whose children wait for what the component was told to wait for.
 *
 * A dependency *on* a component reaches all of its children (https://github.com/pulumi/pulumi/issues/7542), but a
 * component's own `dependsOn` and `deletedWith` do not reach them: a Gateway in a component that depends on istiod
 * would be created at once, and refused by a cluster that does not know the kind yet.
 */
export abstract class Component extends pulumi.ComponentResource {
    /** Options for each child: this parent, and the waiting and deletion rules the component was given. */
    protected readonly childOptions: pulumi.CustomResourceOptions;

    constructor(type: string, name: string, opts: pulumi.ComponentResourceOptions = {}) {
        super(`oke-mesh:${type}`, name, {}, opts);
        this.childOptions = { parent: this, dependsOn: opts.dependsOn, deletedWith: opts.deletedWith };
    }

    /** The child options, waiting for `resources` as well. */
    protected after(...resources: pulumi.Resource[]): pulumi.CustomResourceOptions {
        return pulumi.mergeOptions(this.childOptions, { dependsOn: resources });
    }
}
