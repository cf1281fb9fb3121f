import { signIn as signInAt, versionsOn } from "../../../verify/bookinfo";
import { fromService } from "../../../verify/entrances";
import type { Answer } from "../../../verify/http";
import { readSettings } from "../../../config/load";
import { askPlain, type Gateway } from "./gateway";

/** An answer of productpage. */
export interface Page extends Answer {
    /** Versions of reviews that are named on it. */
    versions: string[];
    /** Whether productpage answered, or the gateway by itself. */
    fromService: boolean;
}

/** Asks for a page as somebody who is signed in, or as nobody. */
export async function ask(gateway: Gateway, path = "/productpage", cookie?: string): Promise<Page> {
    const answer = await askPlain(gateway, path, { seconds: 30, headers: cookie === undefined ? {} : { cookie } });
    return { ...answer, versions: versionsOn(answer.body), fromService: fromService(answer) };
}

/** The page, asked for some times one after another. */
export async function askTimes(gateway: Gateway, count: number, cookie?: string): Promise<Page[]> {
    const pages: Page[] = [];
    for (let asked = 0; asked < count; asked++) {
        pages.push(await ask(gateway, "/productpage", cookie));
    }
    return pages;
}

/** Signs in at Bookinfo, and returns the cookie. */
export async function signIn(gateway: Gateway, user: string): Promise<string> {
    const page = { name: "productpage", host: "*", path: "/productpage" };
    const session = await signInAt(page, user, { gateway, settings: readSettings() });
    if ("refused" in session) {
        throw new Error(`signing in as ${user}: ${session.refused.status}`);
    }
    return session.cookie;
}
