import { connect } from "../../../verify/cluster";
import { gatewayOf, type Gateway } from "../../../verify/gateway";
import type { Answer, Asked } from "../../../verify/http";
import { PATIENCE } from "./until";

export type { Gateway };

/** The ingress gateway as `npm run verify` reaches it, found anew where it was lost: a forwarded port ends with its pod. */
export function reachGateway(): Gateway {
    let current = gatewayOf(connect({}));
    return {
        reached: () => current.reached(),
        at: (port) => current.at(port),
        ask: async (port, asked) => {
            const answer = await current.ask(port, asked).catch((error: Error) => nothing(error.message));
            if (answer.status === 0) {
                current.close();
                current = gatewayOf(connect({}));
            }
            return answer;
        },
        close: () => current.close(),
    };
}

const nothing = (error: string): Answer => ({ status: 0, body: "", headers: {}, tag: "", seconds: 0, error });

/** A request over plain HTTP for a host that nobody serves by name: what is open at any host answers. */
export const askPlain = (gateway: Gateway, path: string, asked: Partial<Asked> = {}): Promise<Answer> =>
    gateway.ask(80, { host: "any.example.com", path, ...asked });

/** The same, tried again while the listener is on its way to the proxy. */
export async function request(gateway: Gateway, path: string, until: (status: number) => boolean): Promise<Answer> {
    const deadline = Date.now() + PATIENCE * 1000;
    for (;;) {
        const answer = await askPlain(gateway, path, { seconds: 30 });
        if (until(answer.status) || Date.now() > deadline) {
            return answer;
        }
        await new Promise((resolve) => setTimeout(resolve, 500));
    }
}
