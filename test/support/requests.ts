import type { HTTPMatchRequest, HTTPRoute, StringMatch } from "../../components/istio/api";

/** A request as far as routes look at it. */
export interface Request {
    path: string;
    method: string;
    user?: string;
    headers?: Record<string, string>;
}

/** The route that a proxy takes for a request: the first that fits. */
export function routeFor(http: HTTPRoute[], request: Request): HTTPRoute | undefined {
    return http.find(({ match }) => match === undefined || match.some((each) => fits(each, request)));
}

function fits({ uri, method, headers = {} }: HTTPMatchRequest, request: Request): boolean {
    const given: Record<string, string> = {
        ...request.headers,
        ...(request.user !== undefined && { "end-user": request.user }),
    };
    return (
        (uri === undefined || textFits(uri, request.path)) &&
        (method === undefined || textFits(method, request.method)) &&
        Object.entries(headers).every(([name, wanted]) => name in given && textFits(wanted, given[name]!))
    );
}

export function textFits({ exact, prefix, regex }: StringMatch, text: string): boolean {
    if (exact !== undefined) {
        return text === exact;
    }
    return prefix !== undefined ? text.startsWith(prefix) : new RegExp(`^(?:${regex})$`).test(text);
}
