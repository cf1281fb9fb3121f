import { ofType } from "../../plan/query";
import { failed, passed, skipped, type Cause, type Check, type Subject } from "../check";
import { judgedByOci } from "../onOci";

/** What OCI watches the stack with exists: alarms, and the dashboard. */
export function alarmChecks(subject: Subject): Check[] {
    const { alarms, apm } = subject.settings.observability ?? {};
    return [
        ...(alarms ? [alarmsExist(alarms.compartmentId, subject)] : []),
        ...(apm?.dashboard ? [dashboard(subject)] : []),
    ];
}

interface Alarm {
    "display-name": string;
    "is-enabled": boolean;
    "lifecycle-state": string;
}

function alarmsExist(compartmentId: string, { plan, oci }: Subject): Check {
    const planned = ofType(plan, "Alarm").map(({ inputs }) => inputs.displayName as string);
    return {
        group: "alarms",
        name: "alarms",
        expected: `${planned.length} alarms, enabled`,
        guide: "Zipkin Metrics Explorer",
        run: () =>
            judgedByOci<Alarm[]>(
                oci,
                ["monitoring", "alarm", "list", "--compartment-id", compartmentId, "--all"],
                (found = []) => {
                    const active = found.filter((each) => each["lifecycle-state"] === "ACTIVE");
                    const causes = planned.flatMap((name): Cause[] => {
                        const alarm = active.find((each) => each["display-name"] === name);
                        return alarm?.["is-enabled"] ? [] : [alarm ? switchedOff(name) : missing(`The alarm ${name}`)];
                    });
                    const seen = `${planned.length - causes.length} of ${planned.length} alarms`;
                    return causes.length > 0 ? failed(seen, causes) : passed(seen);
                },
            ),
    };
}

const missing = (what: string): Cause => ({ what: `${what} does not exist.`, fix: "Run pulumi up --refresh." });

const switchedOff = (name: string): Cause => ({
    what: `The alarm ${name} is switched off.`,
    fix: "Enable it in the console, or run pulumi up --refresh.",
    command: "oci monitoring alarm list --compartment-id <compartment>",
});

function dashboard({ plan, oci, settings }: Subject): Check {
    const { apm } = settings.observability ?? {};
    const name = `${plan.project}-${plan.stack}`;
    return {
        group: "alarms",
        name: "dashboard",
        expected: `the dashboard ${name}`,
        guide: "Zipkin App Dashboard",
        run: async () => {
            if (apm?.source !== "new") {
                return skipped("the compartment of an existing APM domain is known to OCI alone");
            }
            const args = ["management-dashboard", "dashboard", "list", "--compartment-id", apm.compartmentId, "--all"];
            return judgedByOci<{ items: { "display-name": string }[] }>(oci, args, (found) =>
                found?.items.some((each) => each["display-name"] === name)
                    ? passed(name)
                    : failed("no such dashboard", [missing(`The dashboard ${name}`)]),
            );
        },
    };
}
