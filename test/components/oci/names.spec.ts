import { strict as assert } from "node:assert";
import { bastionName, identityName, topicName } from "../../../components/oci/names";

/** Start of names as this program makes it, of project and stack. */
const start = (stack: string) => `oke-mesh-${stack}`;

const STACKS = ["dev", "dev.eu-1", "team_a.b", `long${"-x".repeat(48)}`];

const KINDS = [
    ["a topic", topicName, /^[\w-]{1,256}$/],
    ["a bastion", bastionName, /^[A-Za-z0-9]{1,255}$/],
    ["a group or policy", identityName, /^[\w.-]{1,100}$/],
] as const;

describe("names in OCI", () => {
    for (const [kind, named, allowed] of KINDS) {
        it(`of ${kind} are allowed whatever the stack is called`, () => {
            for (const stack of STACKS) {
                assert.match(named(`${start(stack)}-suffix`), allowed);
            }
        });
    }

    it("of ordinary stacks are in place if OCI allows it", () => {
        assert.equal(topicName("oke-mesh-dev-alarms"), "oke-mesh-dev-alarms");
        assert.equal(identityName("oke-mesh-dev.eu-1-nodes"), "oke-mesh-dev.eu-1-nodes");
    });

    it("that are too long stay distinct", () => {
        const [nodes, upload] = ["nodes", "log-upload"].map((end) => identityName(`${start("x".repeat(100))}-${end}`));
        assert.notEqual(nodes, upload);
        assert.equal(nodes?.length, 100);
    });
});
