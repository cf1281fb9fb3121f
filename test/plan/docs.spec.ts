import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { ofType } from "../../plan/query";
import { planOf } from "../stacks/plans";

/** What the pages show of the dev stack, against its plan. */
describe("docs/network.md", () => {
    const page = readFileSync(path.join(__dirname, "../../docs/network.md"), "utf8");

    it("counts the dev stack's security rules", async () => {
        const rules = ofType(await planOf("dev"), "NetworkSecurityGroupSecurityRule").length;
        assert.match(page, new RegExp(`grep -c networkSecurityGroupSecurityRule\n${rules}\n`));
    });

    it("lists the dev stack's subnets as OCI would", async () => {
        const rows = [...page.matchAll(/^\| ([\d./]+) +\| (oke-mesh-dev-\w+) +\| (True|False) +\|$/gm)];
        const listed = rows.map(([, cidr, name, isPrivate]) => [cidr, name, isPrivate === "True"]);
        const planned = ofType(await planOf("dev"), "Subnet").map(({ inputs }) => [
            inputs.cidrBlock,
            inputs.displayName,
            inputs.prohibitPublicIpOnVnic,
        ]);
        assert.deepEqual(listed.sort(), planned.sort());
    });
});
