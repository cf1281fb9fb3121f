import { strict as assert } from "node:assert";
import { HELP, parseOptions } from "../../verify/options";
import { GROUPS } from "../../verify/check";

describe("the command line of verify", () => {
    it("by default looks at dev, at everything that sends no load, once", () =>
        assert.deepEqual(parseOptions([]), {
            help: false,
            stack: "dev",
            groups: GROUPS.filter((group) => group !== "traffic"),
            named: [],
            waitSeconds: 0,
        }));

    const groups: [args: string[], groups: string[]][] = [
        [["--only", "traffic"], ["traffic"]],
        [
            ["--only", "objects", "--only", "install"],
            ["install", "objects"],
        ],
        [
            ["--only", "install", "--traffic"],
            ["install", "traffic"],
        ],
        [["--traffic"], [...GROUPS]],
    ];
    for (const [args, expected] of groups) {
        it(`${args.join(" ")} runs ${expected.join(", ")}`, () =>
            assert.deepEqual(parseOptions(args).groups, expected));
    }

    const waits: [text: string, seconds: number][] = [
        ["600", 600],
        ["45s", 45],
        ["10m", 600],
        ["0", 0],
    ];
    for (const [text, seconds] of waits) {
        it(`--wait ${text} is ${seconds} seconds`, () =>
            assert.equal(parseOptions(["--wait", text]).waitSeconds, seconds));
    }

    const wrong: [args: string[], message: RegExp][] = [
        [["--only", "trafic"], /There is no group "trafic"\. Groups: install, services,/],
        [["--wait", "soon"], /--wait is "soon", must be seconds or minutes, such as 600, 600s or 10m\./],
        [["--wait", "1h"], /--wait is "1h"/],
        [["--wait=-5"], /--wait is "-5"/],
        [["--wait", ""], /--wait is ""/],
        [["--client-cert", "me.crt"], /--client-cert and --client-key belong together: one of them is missing\./],
        [["--unknown"], /Unknown option '--unknown'/],
        [["dev"], /Unexpected argument 'dev'/],
    ];
    for (const [args, message] of wrong) {
        it(`refuses ${args.join(" ")}`, () => assert.throws(() => parseOptions(args), { message }));
    }

    it("names every option and group in its help", () => {
        for (const word of [
            "--stack",
            "--only",
            "--traffic",
            "--wait",
            "--json",
            "--junit",
            "--kubeconfig",
            ...GROUPS,
        ]) {
            assert.ok(HELP.includes(word), word);
        }
        assert.equal(parseOptions(["--help"]).help, true);
    });
});
