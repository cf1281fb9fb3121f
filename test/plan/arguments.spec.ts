import { strict as assert } from "node:assert";
import { help, readArguments } from "../../plan/arguments";
import { UserError } from "../../plan/errors";

describe("readArguments", () => {
    it("plans dev by default", () => {
        assert.deepEqual(readArguments([]), { stack: "dev", help: false });
    });

    it("reads every option it documents", () => {
        const files = ["stack", "json", "manifests", "markdown", "against"].map((name) => [name, `my-${name}`]);
        const values = Object.fromEntries([...files, ["scenario", "mirroring"]]) as Record<string, string>;
        const args = [...Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]), "--help"];
        assert.deepEqual(readArguments(args), { ...values, help: true });
        assert.ok([...Object.keys(values), "help"].every((name) => help.includes(`--${name}`)));
    });

    it("takes a value after an equals sign, even one that looks like an option", () => {
        assert.equal(readArguments(["--json=--x.json"]).json, "--x.json");
    });

    it("says of a misspelt scenario which there are", () => {
        assert.equal(readArguments(["--scenario", "delay-fault"]).scenario, "delay-fault");
        assert.throws(
            () => readArguments(["--scenario", "dealy-fault"]),
            new UserError(
                'There is no scenario "dealy-fault": there are all-v1, reviews-split, reviews-v3, user-identity, ' +
                    "url-rewrite, request-timeout, delay-fault, delay-fault-fixed, abort-fault, circuit-breaker, mirroring. " +
                    "Did you mean delay-fault?",
            ),
        );
    });

    const refused: [args: string[], error: RegExp][] = [
        [["--stak", "prod"], /no option --stak\. Did you mean --stack\?\nAll options: npm start -- --help/],
        [["--frobnicate"], /no option --frobnicate\.\nAll options/],
        [["-s", "prod"], /no option -s\./],
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
