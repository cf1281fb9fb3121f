import { strict as assert } from "node:assert";
import { SCENARIO_NAMES } from "../../mesh/scenarios";
import { help, readArguments } from "../../plan/arguments";
import { UserError } from "../../plan/errors";

describe("readArguments", () => {
    it("plans dev by default", () => {
        assert.deepEqual(readArguments([]), { stack: "dev", help: false });
    });

    it("reads every option it documents", () => {
        const files = ["stack", "json", "manifests", "markdown", "html", "against"].map((name) => [name, `my-${name}`]);
        const values = Object.fromEntries([...files, ["scenario", "mirroring"]]) as Record<string, string>;
        const args = [...Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]), "--help"];
        assert.deepEqual(readArguments(args), { ...values, help: true });
        assert.ok([...Object.keys(values), "help"].every((name) => help.includes(`--${name}`)));
    });

    it("takes a value after an equals sign, even one that looks like an option", () => {
        assert.equal(readArguments(["--json=--x.json"]).json, "--x.json");
    });

    it("lists the scenarios if the name is unknown", () => {
        assert.equal(readArguments(["--scenario", "delay-fault"]).scenario, "delay-fault");
        assert.throws(
            () => readArguments(["--scenario", "dealy-fault"]),
            new UserError(
                `There is no scenario "dealy-fault": there are ${SCENARIO_NAMES.join(", ")}. Did you mean delay-fault?`,
            ),
        );
    });

    const swallowed: [args: string[], env: Record<string, string>, meant: string][] = [
        [["prod"], { npm_config_stack: "true" }, "--stack prod"],
        [[], { npm_config_stack: "prod" }, "--stack prod"],
        [["prod", "out.json"], { npm_config_stack: "true", npm_config_json: "true" }, "--stack prod --json out.json"],
        [["out.json"], { npm_config_json: "true" }, "--json out.json"],
        [[], { npm_config_scenario: "mirroring" }, "--scenario mirroring"],
    ];
    for (const [args, env, meant] of swallowed) {
        it(`says that npm kept an option for itself: ${meant}`, () => {
            assert.throws(
                () => readArguments(args, env),
                (thrown: Error) => thrown instanceof UserError && thrown.message.endsWith(`npm start -- ${meant}`),
            );
        });
    }

    it("does not report npm's own --json as a consumed option", () => {
        assert.equal(readArguments([], { npm_config_json: "true" }).stack, "dev");
        assert.equal(readArguments(["--stack", "prod"], { npm_config_json: "true" }).stack, "prod");
    });

    const refused: [args: string[], error: RegExp][] = [
        [["--stak", "prod"], /Unknown option --stak\. Did you mean --stack\?\nAll options: npm start -- --help/],
        [["--frobnicate"], /Unknown option --frobnicate\.\nAll options/],
        [["-s", "prod"], /Unknown option -s\./],
        [["--stack"], /--stack needs a value: --stack NAME/],
        [["--stack", "--json", "f"], /--stack needs a value/],
        [["--json="], /--json needs a value: --json FILE/],
        [["prod"], /"prod" is not an option/],
    ];
    for (const [args, error] of refused) {
        it(`refuses ${args.join(" ")}`, () => {
            assert.throws(
                () => readArguments(args),
                (thrown: Error) => {
                    assert.match(thrown.message, error);
                    return thrown instanceof UserError;
                },
            );
        });
    }
});
