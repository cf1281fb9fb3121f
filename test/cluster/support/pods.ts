import { connect } from "../../../verify/cluster";
import { ask, senderIn, type PodAnswer, type PodRequest } from "../../../verify/senders";

/** A request from a pod that has curl, as `npm run verify` sends it. */
export async function askFrom(
    { namespace, app }: { namespace: string; app: string },
    url: string,
    request: PodRequest = {},
): Promise<PodAnswer> {
    const cluster = connect({});
    const sender = await senderIn(cluster, namespace, { app });
    if (!sender) {
        throw new Error(`no pod of ${app} in ${namespace} that has curl`);
    }
    return ask(cluster, sender, url, request);
}

/** A request from the curl of a namespace. */
export const curlFrom = (namespace: string, url: string, request?: PodRequest) =>
    askFrom({ namespace, app: "curl" }, url, request);
