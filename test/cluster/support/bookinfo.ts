import { inTime, type Reached } from "./gateway";

/** An answer of productpage, and how long it took. */
export interface Page {
    status: number;
    body: string;
    seconds: number;
    /** Versions of reviews that are named on it. */
    versions: string[];
    /** Whether productpage answered, or the gateway by itself. */
    fromService: boolean;
}

/** Asks for a page as somebody who is signed in, or as nobody. */
export async function ask(gateway: Reached, path = "/productpage", cookie?: string): Promise<Page> {
    const started = process.hrtime.bigint();
    const headers = cookie === undefined ? undefined : { cookie };
    const answer = await fetch(`${gateway.url}${path}`, { redirect: "manual", headers, signal: inTime() });
    const body = await answer.text();
    return {
        status: answer.status,
        body,
        seconds: Number(process.hrtime.bigint() - started) / 1e9,
        versions: [...new Set([...body.matchAll(/reviews-(v\d)/g)].map(([, version]) => version!))],
        fromService: answer.headers.has("x-envoy-upstream-service-time"),
    };
}

/** The page, asked for some times one after another. */
export async function askTimes(gateway: Reached, count: number, cookie?: string): Promise<Page[]> {
    const pages: Page[] = [];
    for (let asked = 0; asked < count; asked++) {
        pages.push(await ask(gateway, "/productpage", cookie));
    }
    return pages;
}

/** Signs in at Bookinfo, which takes any name, and returns the cookie. */
export async function signIn(gateway: Reached, username: string): Promise<string> {
    const answer = await fetch(`${gateway.url}/login`, {
        method: "POST",
        redirect: "manual",
        signal: inTime(),
        headers: { referer: `${gateway.url}/productpage` },
        body: new URLSearchParams({ username, passwd: username }),
    });
    const [cookie = ""] = answer.headers.getSetCookie()[0]?.split(";") ?? [];
    if (answer.status !== 302 || cookie === "") {
        throw new Error(`signing in as ${username}: ${answer.status}`);
    }
    return cookie;
}
