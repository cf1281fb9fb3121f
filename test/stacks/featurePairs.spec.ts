import { strict as assert } from "node:assert";
import { at, isMap, type Plan, type Resource } from "../../plan/model";
import { dependsOn, ofType, one } from "../../plan/query";
import { record } from "../../plan/record/record";
import { plain } from "../../plan/kubernetesObject";
import { featurePairs, settingsOf } from "../support/features";
import { validateIstio, type IstioObject } from "../support/istioSchemas";
import { inCluster, isIstioKind } from "./plans";

/** What was planned section by section has to hold in every combination of sections. */
for (const combination of featurePairs()) {
    describe(`a mesh with ${titleOf(combination)}`, () => {
        let plan: Plan;
        before(async () => {
            plan = await record({ stack: "local", override: settingsOf(combination) });
        });

        it("holds what every mesh has to", () => {
            assert.deepEqual(problemsIn(plan), []);
        });
    });
}

describe("what every mesh has to hold", () => {
    it("is not held by a Gateway for no host, a route to no Gateway, and a name that is there twice", async () => {
        const plan = await record({ stack: "local" });
        const broken = structuredClone(plan);
        const spec = (kind: string) => one(broken, kind).inputs.spec as Record<string, unknown>;
        (spec("Gateway").servers as { hosts: string[] }[])[0]!.hosts = [""];
        spec("VirtualService").gateways = ["elsewhere"];
        const [deployment] = ofType(broken, "Deployment");
        broken.resources.push({ ...deployment!, urn: "urn:copy", name: "copy" });
        broken.outputs.page = { value: "https:///", secret: false } as unknown as Plan["outputs"][string];
        assert.deepEqual(problemsIn(plan), []);
        assert.deepEqual(problemsIn(broken), [
            "an address without a host: https:///",
            "an empty text in hosts of Gateway bookinfo/bookinfo-gateway",
            "VirtualService bookinfo/bookinfo: there is no Gateway bookinfo/elsewhere",
            `${titleOfObject(deployment!)} is there twice`,
        ]);
    });
});

function titleOf(combination: Record<string, string>): string {
    return Object.entries(combination)
        .filter(([, form]) => form !== "off")
        .map(([feature, form]) => `${feature} ${form}`)
        .join(", ");
}

function problemsIn(plan: Plan): string[] {
    const objects = plan.resources.filter((each) => inCluster(each) && !/:(Release|ConfigFile)$/.test(each.type));
    const istio = one(plan, "Release", "istio-istiod");
    const meshKinds = objects.filter(isIstioKind);
    return [
        ...withoutHost(plan),
        ...objects.flatMap(emptyTexts),
        ...meshKinds.flatMap(({ inputs }) => validateIstio(plain(inputs) as IstioObject)),
        ...meshKinds
            .filter((each) => !dependsOn(plan, each, istio))
            .map((each) => `${titleOfObject(each)} is before istiod`),
        ...routesToNowhere(plan),
        ...twice(objects.map(titleOfObject)),
    ];
}

function withoutHost({ outputs, resources }: Plan): string[] {
    const texts = JSON.stringify([Object.values(outputs), resources.map(({ inputs }) => inputs)]);
    return [...new Set(texts.match(/https?:\/\/(?=[/":])[/:]*/g))].map((text) => `an address without a host: ${text}`);
}

/** Lists that name hosts, gateways and the like never hold an empty name. */
function emptyTexts(resource: Resource): string[] {
    const found: string[] = [];
    const visit = (value: unknown, key: string) => {
        if (Array.isArray(value)) {
            value.forEach((each) => (each === "" ? found.push(key) : visit(each, key)));
        } else if (isMap(value)) {
            Object.entries(value).forEach(([name, inner]) => visit(inner, name));
        }
    };
    visit(resource.inputs.spec, "spec");
    return found.map((key) => `an empty text in ${key} of ${titleOfObject(resource)}`);
}

/** VirtualServices and HTTPRoutes name Gateways that are there, and come after them. */
function routesToNowhere(plan: Plan): string[] {
    const gateways = new Map(ofKind(plan, "Gateway").map((each) => [placeOf(each), each]));
    return [...ofKind(plan, "VirtualService"), ...ofKind(plan, "HTTPRoute")].flatMap((route) => {
        const own = placeOf(route).split("/")[0];
        const names = (at(route.inputs, "spec", "gateways") ?? []) as string[];
        const parents = (at(route.inputs, "spec", "parentRefs") ?? []) as { name: string; namespace: string }[];
        const wanted = [
            ...names.filter((name) => name !== "mesh").map((name) => (name.includes("/") ? name : `${own}/${name}`)),
            ...(plain(parents) as typeof parents).map(({ name, namespace }) => `${namespace}/${name}`),
        ];
        return wanted.flatMap((place) => {
            const gateway = gateways.get(place);
            const title = titleOfObject(route);
            if (!gateway) {
                return [`${title}: there is no Gateway ${place}`];
            }
            return dependsOn(plan, route, gateway) ? [] : [`${title} is before its Gateway`];
        });
    });
}

function ofKind({ resources }: Plan, kind: string): Resource[] {
    return resources.filter(({ inputs, custom }) => custom && inputs.kind === kind);
}

function placeOf({ inputs }: Resource): string {
    const { name, namespace } = plain(inputs.metadata) as { name: string; namespace?: string };
    return namespace === undefined ? name : `${namespace}/${name}`;
}

function titleOfObject(resource: Resource): string {
    return `${resource.type.slice(resource.type.lastIndexOf(":") + 1)} ${placeOf(resource)}`;
}

function twice(titles: string[]): string[] {
    return titles.filter((title, index) => titles.indexOf(title) < index).map((title) => `${title} is there twice`);
}
