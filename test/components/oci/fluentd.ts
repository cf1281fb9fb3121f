import { strict as assert } from "node:assert";
import type { LogSource } from "../../../components/oci/logSources";
import { at } from "../../../plan/model";

export interface Event {
    time: Date | undefined;
    record: Record<string, unknown>;
}

/** What fluentd makes of a line with such a parser; undefined where it reports "pattern not matched" and goes on. */
export function parse(parser: LogSource["parser"], line: string): Event | undefined {
    const setting = (...path: string[]) => at(parser, ...path) as string | undefined;
    if (parser.parserType === "REGEXP") {
        const fields = new RegExp(setting("expression")!).exec(line)?.groups;
        const types = at(parser, "types") as Record<string, string>;
        const typed = Object.entries(fields ?? {}).map(([key, value]) => [key, types[key] ? Number(value) : value]);
        return fields && timed(Object.fromEntries(typed) as Event["record"], parser);
    }
    // https://github.com/fluent/fluent-plugin-parser-cri
    assert.equal(parser.parserType, "CRI");
    const cri = /^(?<time>\S+) (?<stream>stdout|stderr) (?<logtag>[FP]) (?<message>.*)$/.exec(line)?.groups;
    if (cri === undefined || parser.nestedParser === undefined) {
        const { time, ...record } = cri ?? {};
        return cri && { time: timeOf(time!, "%Y-%m-%dT%H:%M:%S.%L%z"), record };
    }
    try {
        const { stream, logtag } = cri;
        const merged = parser.isMergeCriFields ? { stream, logtag } : {};
        const nested = JSON.parse(cri.message!) as Event["record"];
        return timed({ ...nested, ...merged }, parser.nestedParser as LogSource["parser"]);
    } catch {
        return undefined;
    }
}

function timed(record: Event["record"], { fieldTimeKey, timeFormat, isKeepTimeKey }: LogSource["parser"]): Event {
    assert.equal(isKeepTimeKey, true);
    return { record, time: timeOf(String(record[fieldTimeKey as string]), timeFormat as string) };
}

/** Reads a time by a strptime format, as far as the formats here go. */
function timeOf(text: string, format: string): Date | undefined {
    const digits: Record<string, string> = {
        "%Y": "\\d{4}",
        "%m": "\\d\\d",
        "%d": "\\d\\d",
        "%H": "\\d\\d",
        "%M": "\\d\\d",
        "%S": "\\d\\d",
        "%L": "\\d+",
        "%z": "(?:Z|[+-]\\d\\d:?\\d\\d)",
    };
    const pattern = format.replaceAll(".", "\\.").replace(/%[a-zA-Z]/g, (directive) => digits[directive]!);
    return new RegExp(`^${pattern}$`).test(text) ? new Date(text) : undefined;
}
