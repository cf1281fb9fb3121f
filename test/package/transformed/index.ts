import * as pulumi from "@pulumi/pulumi";
import { EVERY_COMPONENT } from "../../components/everyComponent";

/** Changes an argument and an option of whatever it is asked about. */
const mark =
    (argument: string): pulumi.ResourceTransform =>
    ({ props, opts }) => ({ props: { ...props, [argument]: true }, opts: { ...opts, protect: true } });

pulumi.runtime.registerResourceTransform(mark("byTheStack"));
for (const [name, make] of Object.entries(EVERY_COMPONENT)) {
    make(name.toLowerCase(), { transforms: [mark("byTheComponent")] });
}
