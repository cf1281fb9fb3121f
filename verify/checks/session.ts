import { versionsOn, signIn } from "../bookinfo";
import { failed, passed, skipped, type Check, type Subject } from "../check";
import { askAt, openedBy, refusesUs, WITHOUT_CERTIFICATE, type Opened } from "../entrances";

/** Pages, each of which must show the one version. */
const PAGES = 5;

/** What a user of Bookinfo sees who has signed in at the gateway: the version of reviews that rules give them. */
export function sessionChecks(subject: Subject): Check[] {
    const { mesh } = subject;
    const opened = openedBy(mesh).find(({ name, service }) => name === "productpage" && service?.from === "bookinfo");
    const rules = mesh.traffic.reviews?.match ?? [];
    if (!opened) {
        return [];
    }
    return rules.flatMap(({ user, route, headers, paths, method, claims }) => {
        const [version, ...others] = Object.keys(route ?? {});
        const isForUser = user !== undefined && !headers && !paths && !method && !claims;
        return isForUser && version !== undefined && others.length === 0
            ? [session(user, version, opened, subject)]
            : [];
    });
}

function session(user: string, version: string, opened: Opened, subject: Subject): Check {
    return {
        group: "traffic",
        name: `Bookinfo signed in as ${user}`,
        expected: `reviews of ${version}`,
        guide: "Routing based on User Identity",
        run: async () => {
            if (refusesUs(opened, subject)) {
                return skipped(WITHOUT_CERTIFICATE);
            }
            if (hidesReviews(subject)) {
                return skipped("faults or timeouts keep reviews off the page");
            }
            const session = await signIn(opened, user, subject);
            if ("refused" in session) {
                const { status, error = "" } = session.refused;
                if ([401, 403].includes(status) && subject.settings.security.requestAuthentication.length > 0) {
                    return skipped(`${status}: the gateway asks for a token`);
                }
                return failed(`signing in: ${status || error}`, [NO_SIGN_IN]);
            }
            const seen = new Set<string>();
            for (let page = 0; page < PAGES; page++) {
                const { body } = await askAt(opened, subject, { path: "/productpage", headers: session });
                versionsOn(body).forEach((each) => seen.add(each));
            }
            const list = [...seen].sort().join(", ") || "no reviews";
            return list === version ? passed(list) : failed(list, [OTHER_VERSION]);
        },
    };
}

/** Whether something on the way to reviews and ratings is made to fail or to take long. */
function hidesReviews({ mesh }: Subject): boolean {
    const actions = ["productpage", "reviews", "ratings"].flatMap((name) => {
        const { match = [], ...own } = mesh.traffic[name] ?? {};
        return [own, ...match];
    });
    return actions.some(({ fault, timeout, redirect }) => fault ?? timeout ?? redirect);
}

const NO_SIGN_IN = {
    what: "Nobody can sign in: /login is not open at the gateway, or productpage refuses.",
    fix: "See the checks of the gateway.",
    command: "kubectl get virtualservices,httproutes -A -o yaml",
};

const OTHER_VERSION = {
    what: "The header end-user does not decide: the rule is missing, or productpage does not forward it.",
    fix: "See the check of objects, then run pulumi up.",
    command: "kubectl get virtualservice reviews -o yaml -A",
};
