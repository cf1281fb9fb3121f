/**
 * Checks with each publisher whether the charts, images, files and releases that this program pins exist, and which are
 * outdated: `npm run check:pins`. Exits with 1 if one is missing, a later patch of Istio exists, or a publisher does not
 * respond. Prints Markdown.
 */
import { checkPin, isBad, type Answer, type Finding } from "./pins/check";
import { PINS, type Pin } from "./pins/pins";

async function get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(60_000) });
    const challenge = response.headers.get("www-authenticate") ?? undefined;
    return { status: response.status, text: await response.text(), challenge };
}

/** A line of the table. */
function row(finding: Finding): string {
    const { pin, state, newest = "" } = finding;
    const version = "version" in pin ? pin.version : "";
    return `| ${isBad(finding) ? "**!**" : ""} | ${pin.kind} | ${nameOf(pin)} | ${version} | ${state} | ${newest} |`;
}

function nameOf(pin: Pin): string {
    switch (pin.kind) {
        case "chart":
            return `${pin.name} of ${pin.repository}`;
        case "image":
            return pin.name;
        case "file":
            return pin.url;
        case "patch":
            return `Istio ${pin.minor}`;
    }
}

async function main(): Promise<void> {
    const findings: Finding[] = [];
    for (const pin of PINS) {
        findings.push(await checkPin(pin, get));
    }
    console.log("| | what | name | version | state | newest |\n| --- | --- | --- | --- | --- | --- |");
    findings.forEach((finding) => console.log(row(finding)));
    const nobodyAnswered = findings.every(({ state }) => state === "unknown");
    process.exitCode = nobodyAnswered || findings.some(isBad) ? 1 : 0;
}

void main();
