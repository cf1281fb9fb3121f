import type { Access } from "../../mesh/posture/access";
import { certificatesOf } from "../../mesh/posture/certificates";
import { postureOf, type Posture } from "../../mesh/posture/posture";
import type { Plan } from "../../model";
import { accessLines, furtherLines } from "../postureLines";
import { lines, markup, section, type Html, type Section } from "./markup";

/** Workloads up to which there is a matrix. */
const mostWorkloads = 60;

/** Who may call whom, certificates, and what is exposed; nothing without a mesh. */
export function security(plan: Plan, earlier?: Plan): Section[] {
    const posture = postureOf(plan);
    if (!posture) {
        return [];
    }
    const before = earlier && postureOf(earlier);
    const callers = posture.targets.length > mostWorkloads ? lines(accessLines(posture)) : matrix(posture, before);
    return [
        ...section("callers", "Who may call whom", lines(posture.encryption), callers),
        ...section("certificates", "Certificates", certificates(plan, earlier)),
        ...section("exposure", "Exposure", lines(furtherLines({ ...posture, certificates: [] }))),
    ];
}

function matrix({ callers, targets, access }: Posture, before: Posture | undefined): Html {
    if (targets.length === 0) {
        return markup``;
    }
    return markup`<div class="wide" role="region" aria-label="Allowed callers" tabindex="0">
        <table class="matrix">
            <caption>
                Rows call columns.
            </caption>
            <thead>
                <tr>
                    <th scope="col">caller</th>
                    ${targets.map((target) => markup`<th scope="col">${target}</th>`)}
                </tr>
            </thead>
            <tbody>
                ${callers.map(
                    (caller, row) =>
                        markup`<tr>
                            <th scope="row">${caller}</th>
                            ${targets.map((target, column) =>
                                cell(access[row]![column]!, before && earlierAccess(before, caller, target)),
                            )}
                        </tr>
`,
                )}
            </tbody>
        </table>
    </div>
`;
}

function earlierAccess({ callers, targets, access }: Posture, caller: string, target: string): Access | "no workload" {
    return access[callers.indexOf(caller)]?.[targets.indexOf(target)] ?? "no workload";
}

function cell(access: Access, earlier: Access | "no workload" | undefined): Html {
    const kind = typeof access === "object" ? "some" : { all: "all", none: "none", "cut off": "cut" }[access];
    const was = earlier === undefined || JSON.stringify(earlier) === JSON.stringify(access) ? undefined : earlier;
    const change =
        was === undefined ? "" : markup`<small>${was === "no workload" ? "new" : `was ${words(was)}`}</small>`;
    return markup`<td class="${kind}${was === undefined ? "" : " changed"}">${words(access)}${change}</td>`;
}

function words(access: Access): string {
    return typeof access === "object" ? access.only : access;
}

function certificates(plan: Plan, earlier: Plan | undefined): Html {
    const all = certificatesOf(plan);
    const known = new Map(earlier && certificatesOf(earlier).map((each) => [each.name, each.life]));
    if (all.length === 0) {
        return markup``;
    }
    return markup`<div class="wide" role="region" aria-label="Table of certificates" tabindex="0">
        <table>
            <thead>
                <tr>
                    <th scope="col">certificate</th>
                    <th scope="col">for</th>
                    <th scope="col">expiry</th>
                </tr>
            </thead>
            <tbody>
                ${all.map(({ name, uses, life }) => {
                    const mark = !earlier ? "" : !known.has(name) ? "added" : known.get(name) !== life ? "changed" : "";
                    return markup`<tr class="${mark}">
                        <th scope="row">${name}${mark ? markup` <em class="badge ${mark}">${mark}</em>` : ""}</th>
                        <td>${uses.join("; ")}</td>
                        <td>${life}</td>
                    </tr>
`;
                })}
            </tbody>
        </table>
    </div>
`;
}
