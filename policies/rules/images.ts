import { at, isMap } from "../../plan/model";
import { ALWAYS, type Checked, type ResourceRule } from "../rule";
import { isRelease } from "./kubernetes";

export const pinnedVersions: ResourceRule = {
    name: "pinned-versions",
    description: "Images and charts have exact versions",
    reason: "What runs must not depend on the day a pod started, and a rollback must bring back what ran before.",
    levels: ALWAYS,
    check(resource) {
        const images = imagesOf(resource).filter(({ tag }) => tag !== undefined && isLoose(tag));
        return [
            ...looseChart(resource),
            ...images.map(({ shown }) => `runs image ${shown}, which can change: name a version or a digest`),
        ];
    },
};

export const imageRegistry: ResourceRule = {
    name: "image-registry",
    description: "Images name their registry",
    reason: "CRI-O from 1.34 refuses short names, and others resolve them to whatever registry the node is configured for.",
    levels: ALWAYS,
    check(resource) {
        return imagesOf(resource)
            .filter(({ registry, name }) => registry === undefined && !hasRegistry(name))
            .map(
                ({ shown }) =>
                    `runs image ${shown} without a registry: write docker.io/${inLibrary(shown)} or name yours`,
            );
    },
};

/** What is wrong with a release's version. A chart in a folder or file has its own, and one that is unknown is not judged. */
function looseChart(resource: Checked): string[] {
    const { chart, version = "" } = resource.inputs;
    const isLocal = typeof chart !== "string" || /^[./]|\.tgz$/.test(chart);
    if (!isRelease(resource) || isLocal || typeof version !== "string" || EXACT.test(version)) {
        return [];
    }
    const found = version === "" ? "the newest version" : `"${version}"`;
    return [`installs chart ${chart} in ${found}: name one version, such as 1.2.3`];
}

const EXACT = /^v?\d+\.\d+\.\d+([-+][\w.+-]+)?$/;

interface Image {
    shown: string;
    name: string;
    /** Given apart from the name, as charts do. */
    registry?: string;
    /** Empty if an image as text has none; undefined where the chart decides. */
    tag?: string;
}

const POD_OWNERS =
    /^kubernetes:(core\/v1:Pod|apps\/v1:(Deployment|StatefulSet|DaemonSet|ReplicaSet)|batch\/v1:(Job|CronJob))$/;

function imagesOf(resource: Checked): Image[] {
    if (isRelease(resource)) {
        return imagesIn(resource.inputs.values);
    }
    return POD_OWNERS.test(resource.type) ? imagesIn(resource.inputs.spec) : [];
}

/** Images anywhere in a value: `image: text`, or a chart's `image` with registry, repository and tag. */
function imagesIn(value: unknown): Image[] {
    if (Array.isArray(value)) {
        return value.flatMap(imagesIn);
    }
    if (!isMap(value)) {
        return [];
    }
    return Object.entries(value).flatMap(([key, inner]) => [
        ...(key === "image" || key.endsWith("Image") ? imageFrom(inner) : []),
        ...(key === "hub" && typeof inner === "string" ? [{ shown: `${inner}/...`, name: `${inner}/x` }] : []),
        ...imagesIn(inner),
    ]);
}

function imageFrom(value: unknown): Image[] {
    // Istio replaces "auto" when it injects the proxy.
    if (typeof value === "string" && value !== "" && value !== "auto") {
        const [name = "", digest] = value.split("@");
        const [, repository = name, tag = ""] = /^(.*?):([^/:]+)$/.exec(name) ?? [];
        return [{ shown: value, name: repository, tag: digest ?? tag }];
    }
    const repository = at(value, "repository");
    if (typeof repository !== "string") {
        return [];
    }
    const [registry, tag] = [textAt(value, "registry"), textAt(value, "digest") ?? textAt(value, "tag")];
    return [{ shown: tag === undefined ? repository : `${repository}:${tag}`, name: repository, registry, tag }];
}

function textAt(value: unknown, key: string): string | undefined {
    const found = at(value, key);
    return typeof found === "string" && found !== "" ? found : undefined;
}

function isLoose(tag: string): boolean {
    return tag === "" || ["latest", "main", "master", "edge", "stable", "nightly"].includes(tag);
}

/** An image as Docker Hub knows it: those without an owner are its own. */
function inLibrary(image: string): string {
    return image.includes("/") ? image : `library/${image}`;
}

/** Whether the first part of a name is a host, by Docker's rules. */
function hasRegistry(name: string): boolean {
    const [first = "", ...rest] = name.split("/");
    return rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
}
