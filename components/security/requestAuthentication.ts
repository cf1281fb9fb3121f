import type { JWTRule, RequestAuthenticationSpec, Rule } from "../istio/api";
import { withAnyPort } from "./hosts";
import type { Policy } from "./policy";
import type { Preflights } from "../traffic/preflights";
import { sparingPreflights } from "./preflights";

/** Issuers of accepted tokens, and where tokens are checked. */
export interface TokensArgs {
    /** Name of the RequestAuthentication. */
    name: string;
    /** The pods that check tokens. */
    target: {
        /** Their namespace. */
        namespace: string;
        /** Their labels. */
        selector: Record<string, string>;
        /** Their ports for HTTP. Empty: all, which closes ports of other protocols. */
        ports: number[];
    };
    /** Whose tokens are accepted. Those of anybody else are refused. */
    issuers: TokenIssuer[];
    /** Requests that need a valid token: those that fit one entry. @default none, and only invalid tokens are refused */
    require?: TokenRequirement[];
    /** Preflights of browsers (CORS), which carry no token. @default none are known */
    preflights?: {
        /** Preflights that the target answers itself, so that no service receives them. */
        answered: Preflights[];
        /** Hosts whose preflights it hands on. */
        others: string[];
    };
}

/** Public keys of an issuer. */
export type TokenKeys =
    | {
          /** URL from which istiod fetches them. */
          jwksUri: string;
      }
    | {
          /** The keys themselves, as JSON. */
          jwks: string;
      };

/** Who signs tokens. */
export interface TokenIssuer {
    /** The tokens' `iss` claim. */
    issuer: string;
    /** Its public keys. */
    keys: TokenKeys;
    /** Accepted `aud` claims. @default any */
    audiences?: string[];
    /** Hand the token on to the service. @default false */
    forwardOriginalToken?: boolean;
    /** Headers that carry the token. @default `Authorization: Bearer`, if no other place is given */
    fromHeaders?: {
        /** Name of the header. */
        name: string;
        /** What the value has before the token. @default nothing */
        prefix?: string;
    }[];
    /** Query parameters that carry the token. @default `access_token`, if no other place is given */
    fromParams?: string[];
    /** Cookies that carry the token. @default none */
    fromCookies?: string[];
    /** Claims that the service gets as headers, by the name of the header. @default none */
    claimToHeaders?: Record<string, string>;
}

/** Requests that need a valid token: those that fit all that is given. */
export interface TokenRequirement {
    /** Requests for these hosts. @default any */
    hosts?: string[];
    /** Requests for these paths, such as `/api/*`. @default any */
    paths?: string[];
    /** Requests for all paths but these. @default none are left out */
    notPaths?: string[];
    /** Requests with these methods. @default any */
    methods?: string[];
    /** Requests with all methods but these. @default none are left out */
    notMethods?: string[];
    /** Claims that the token must carry, each with one of these values. @default none */
    claims?: Record<string, string[]>;
}

/** Refuses tokens that are not valid, with 401. Requests without any pass. */
export function requestAuthentication({ target, issuers }: TokensArgs): RequestAuthenticationSpec {
    return { selector: { matchLabels: target.selector }, jwtRules: issuers.map(jwtRule) };
}

function jwtRule({ keys, audiences = [], forwardOriginalToken, claimToHeaders = {}, ...issuer }: TokenIssuer): JWTRule {
    const outputClaimToHeaders = Object.entries(claimToHeaders).map(([header, claim]) => ({ header, claim }));
    return {
        ...issuer,
        ...keys,
        ...(audiences.length > 0 && { audiences }),
        ...(forwardOriginalToken && { forwardOriginalToken }),
        ...(outputClaimToHeaders.length > 0 && { outputClaimToHeaders }),
    };
}

/**
 * Refuses requests without a token, with 403; undefined if none needs one. Browsers' preflights that the target answers itself
 * pass (istio/istio#55318). It denies rather than allows, so that what the
 * mesh allows by other policies stays as it is.
 */
export function tokenRequired({ name, target, issuers, require = [], preflights }: TokensArgs): Policy | undefined {
    const notRequestPrincipals = issuers.map(({ issuer }) => `${issuer}/*`);
    const denied = require.flatMap(({ hosts, claims = {}, ...requests }): Rule[] => {
        const operation = {
            ...(hosts && { hosts: withAnyPort(hosts) }),
            ...requests,
            // A port that speaks no HTTP has no tokens, and would be closed altogether.
            ...(target.ports.length > 0 && { ports: target.ports.map(String) }),
        };
        const to = Object.keys(operation).length > 0 ? { to: [{ operation }] } : {};
        return [
            { from: [{ source: { notRequestPrincipals } }], ...to },
            ...Object.entries(claims).map(([claim, notValues]) => ({
                ...to,
                when: [{ key: `request.auth.claims[${claim}]`, notValues }],
            })),
        ];
    });
    const rules = denied.flatMap((rule) =>
        preflights ? sparingPreflights(rule, preflights.answered, preflights.others) : [rule],
    );
    const spec = { selector: { matchLabels: target.selector }, action: "DENY" as const, rules };
    return rules.length > 0 ? { name: `${name}-required`, namespace: target.namespace, spec } : undefined;
}
