import type { Subject } from "./check";
import { askAt, type Opened } from "./entrances";
import type { Answer } from "./http";

/** Signs in at Bookinfo's page, which takes any name; the cookie, or the answer that brought none. */
export async function signIn(
    opened: Opened,
    user: string,
    subject: Pick<Subject, "gateway" | "settings">,
): Promise<{ cookie: string } | { refused: Answer }> {
    const headers = {
        "content-type": "application/x-www-form-urlencoded",
        referer: `http://${opened.host}/productpage`,
    };
    const body = new URLSearchParams({ username: user, passwd: user }).toString();
    const answer = await askAt({ ...opened, path: "/login" }, subject, { method: "POST", headers, body });
    const [set] = [answer.headers["set-cookie"] ?? []].flat();
    const cookie = set?.split(";")[0];
    return answer.status === 302 && cookie !== undefined ? { cookie } : { refused: answer };
}

/** Versions of reviews that a page names, by the pods that served them. */
export const versionsOn = (page: string) => [...new Set([...page.matchAll(/reviews-(v\d)/g)].map(([, name]) => name!))];
