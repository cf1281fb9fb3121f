import { gunzipSync } from "node:zlib";
import { isRelease } from "../../plan/query";
import { failed, passed, type Cause, type Check, type Subject } from "../check";
import type { LiveObject } from "../cluster";

/** Helm keeps each revision of a release in a Secret, packed twice. */
interface HelmRelease {
    info: { status: string };
    chart: { metadata: { version: string } };
}

/** Each release is deployed at the version of the settings. */
export function releases({ cluster, plan }: Subject): Check[] {
    return plan.resources.filter(isRelease).map(({ inputs }) => {
        const { name, namespace, version } = inputs as unknown as { name: string; namespace: string; version?: string };
        return {
            group: "install",
            name: `release ${name}`,
            expected: version ? `deployed at ${version}` : "deployed",
            guide: "Installing Istio with istioctl",
            run: async () => {
                const secrets = await cluster.list("v1", "Secret", namespace);
                const revision = (secret: LiveObject) => Number(secret.metadata.labels?.version);
                const [latest] = secrets
                    .filter(({ metadata: { labels } }) => labels?.owner === "helm" && labels.name === name)
                    .sort((a, b) => revision(b) - revision(a));
                const packed = latest?.data?.release;
                if (packed === undefined) {
                    const fix = "Run pulumi up.";
                    return failed("there is none", [{ what: "The release was never installed, or removed.", fix }]);
                }
                const { info, chart } = unpack(packed);
                const seen = `${info.status} at ${chart.metadata.version}`;
                return info.status === "deployed" && (!version || chart.metadata.version === version)
                    ? passed(seen)
                    : failed(seen, [stuck(name, namespace, info.status)]);
            },
        };
    });
}

function unpack(packed: string): HelmRelease {
    const text = Buffer.from(packed, "base64").toString();
    return JSON.parse(gunzipSync(Buffer.from(text, "base64")).toString()) as HelmRelease;
}

function stuck(name: string, namespace: string, status: string): Cause {
    const command = `helm history ${name} -n ${namespace}`;
    return status === "deployed"
        ? { what: "Another version is installed than the settings say.", fix: "Run pulumi up.", command }
        : { what: "An installation or upgrade did not end.", fix: "Roll back, then run pulumi up.", command };
}
