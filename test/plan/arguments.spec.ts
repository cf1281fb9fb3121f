import { strict as assert } from "node:assert";
import { help, readArguments } from "../../plan/arguments";
import { UserError } from "../../plan/errors";

describe("readArguments", () => {
    it("plans dev by default", () => {
        assert.deepEqual(readArguments([]), { stack: "dev", help: false });
    });

    it("reads every option it documents", () => {
        const values = ["stack", "scenario", "json", "manifests", "markdown", "against"];
        const args = [...values.flatMap((name) => [`--${name}`, `my-${name}`]), "--help"];
        const read = readArguments(args, ["my-scenario"]);
        assert.deepEqual(read, { ...Object.fromEntries(values.map((name) => [name, `my-${name}`])), help: true });
        assert.ok([...values, "help"].every((name) => help.includes(`--${name}`)));
    });

    it("takes a value after an equals sign, even one that looks like an option", () => {
        assert.equal(readArguments(["--json=--x.json"]).json, "--x.json");
    });

    it("says of a scenario that there is none, and of a misspelt one which there are", () => {
        assert.throws(
            () => readArguments(["--scenario", "delay-fault"]),
            new UserError('There is no scenario "delay-fault": this version has none yet.'),
        );
        assert.match(help, /--scenario NAME .*this version has none yet/);
        assert.throws(
            () => readArguments(["--scenario", "dealy-fault"], ["delay-fault", "canary"]),
            new UserError(
                'There is no scenario "dealy-fault": there are delay-fault, canary. Did you mean delay-fault?',
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
