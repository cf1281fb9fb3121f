import { randomBytes } from "node:crypto";
import type { Settings } from "../../config/schema";
import type { Service } from "../../mesh/services";
import { failed, passed, skipped, type Check, type Finding, type Subject } from "../check";
import { askAt, concrete, openedBy, refusesUs, WITHOUT_CERTIFICATE } from "../entrances";
import { urlOf } from "../measured";
import { ask, fromTheMesh, type PodRequest } from "../senders";

const GUIDE = "Securing Istio";

type Tokens = Settings["security"]["requestAuthentication"][number];

/** How a request is sent to where tokens are checked; skipped where that cannot be done from here. */
type Send = (
    request: PodRequest & { path: string; host?: string },
    judge: (status: number, seen: string) => Finding,
) => Promise<Finding>;

/**
 * Tokens that nobody may pass with: none where one is needed, one that is malformed, one with a forged signature. That
 * valid ones pass cannot be seen without the issuer's key.
 */
export function tokenChecks(subject: Subject): Check[] {
    return subject.settings.security.requestAuthentication.flatMap((tokens) => {
        const service = subject.mesh.services.find(({ name }) => name === tokens.service);
        const send = service ? inMesh(service, subject) : atGateway(subject);
        const path = pathOf(service, subject);
        const needed = tokens.require.flatMap((rule) => neededBy(rule, path));
        const invalid: [what: string, token: string][] = [
            ["a malformed token", "malformed"],
            ["a token with a forged signature", forged(tokens)],
        ];
        return [
            ...needed.slice(0, 1).map((request) => tokenCheck(`${tokens.name}: no token`, 403, send, request)),
            ...invalid.map(([what, token]) =>
                tokenCheck(`${tokens.name}: ${what}`, 401, send, withToken(tokens, token, path)),
            ),
        ];
    });
}

function tokenCheck(name: string, status: number, send: Send, request: PodRequest & { path: string }): Check {
    const cause = {
        what:
            status === 403
                ? "Requests without a token pass: the policy that requires one is missing."
                : "Tokens are not checked: the RequestAuthentication is missing, or does not select these pods.",
        fix: "See the check of objects, then run pulumi up.",
        command: "kubectl get requestauthentications,authorizationpolicies -A",
    };
    return {
        group: "security",
        name,
        expected: `${status} at ${request.path}`,
        guide: GUIDE,
        run: () => send(request, (got, seen) => (got === status ? passed(seen) : failed(seen, [cause]))),
    };
}

function atGateway(subject: Subject): Send {
    return async ({ path, host, headers, method }, judge) => {
        const all = openedBy(subject.mesh);
        const opened = all.find((each) => host === undefined || concrete(each.host) === host || each.host === "*");
        if (!opened) {
            return skipped("no host of the gateway leads there");
        }
        if (refusesUs(opened, subject)) {
            return skipped(WITHOUT_CERTIFICATE);
        }
        const answer = await askAt({ ...opened, path }, subject, {
            headers,
            method,
            ...(host !== undefined && { host }),
        });
        return judge(answer.status, answer.status === 0 ? `no answer: ${answer.error}` : String(answer.status));
    };
}

function inMesh(service: Service, subject: Subject): Send {
    return ({ path, ...request }, judge) =>
        fromTheMesh(
            subject,
            async (sender) => {
                const { status, body } = await ask(subject.cluster, sender, urlOf(service, path), request);
                return judge(status, status === 0 ? body : String(status));
            },
            service.name,
        );
}

/** A path at which any request is checked. */
function pathOf(service: Service | undefined, { mesh }: Subject): string {
    return service ? "/" : (openedBy(mesh)[0]?.path ?? "/");
}

/** A request that a rule wants a token for; none where that cannot be made up, or would be more than reading. */
function neededBy(rule: Tokens["require"][number], usual: string) {
    const { hosts, paths = [usual], notPaths = [], methods, notMethods = [] } = rule;
    const method = (methods ?? ["GET"]).find((each) => each === "GET" || each === "HEAD");
    const [host] = hosts ?? [];
    const [path] = paths
        .map((each) => each.replace(/\*$/, "").replace(/^\*/, "/verify"))
        .filter((each) => !each.includes("{"));
    const isExcepted = path === undefined || notPaths.some((each) => fitsPattern(each, path));
    return method === undefined || notMethods.includes(method) || isExcepted || host?.includes("*")
        ? []
        : [{ path, method, host }];
}

/** Istio's patterns: `/a`, `/a*`, `*a`, `*`; those with `{` are taken to fit. */
function fitsPattern(pattern: string, path: string): boolean {
    const isPrefix = pattern.endsWith("*") && path.startsWith(pattern.slice(0, -1));
    const isSuffix = pattern.startsWith("*") && path.endsWith(pattern.slice(1));
    return pattern === path || isPrefix || isSuffix || pattern.includes("{");
}

/** A request with a token where the issuer's are looked for. */
function withToken({ issuers }: Tokens, token: string, path: string): PodRequest & { path: string } {
    const { fromHeaders, fromParams, fromCookies } = issuers[0]!;
    if (fromHeaders?.[0]) {
        const { name, prefix = "" } = fromHeaders[0];
        return { path, headers: { [name]: `${prefix}${token}` } };
    }
    if (fromCookies?.[0] !== undefined) {
        return { path, headers: { cookie: `${fromCookies[0]}=${token}` } };
    }
    return fromParams?.[0] === undefined
        ? { path, headers: { authorization: `Bearer ${token}` } }
        : { path: `${path}?${fromParams[0]}=${token}` };
}

/** Right in all but its signature. */
function forged({ issuers }: Tokens): string {
    const { issuer, audiences } = issuers[0]!;
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, sub: "oke-mesh-verify", iat: now, exp: now + 300, aud: audiences[0] };
    const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
    const signature = randomBytes(256).toString("base64url");
    return `${encoded({ alg: "RS256", typ: "JWT" })}.${encoded(claims)}.${signature}`;
}
