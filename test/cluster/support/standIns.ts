import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { parse, stringify } from "yaml";

const REPOSITORY = resolve(__dirname, "../../..");

/** A folder with a stack of these settings, and a `pulumi` that knows its outputs. */
export class Project {
    readonly folder = mkdtempSync(join(tmpdir(), "oke-mesh-verify-"));

    constructor(
        stack: string,
        settings: Record<string, unknown>,
        readonly outputs: Record<string, unknown>,
    ) {
        const file = (name: string) => parse(readFileSync(join(REPOSITORY, name), "utf8")) as { config: object };
        const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`oke-mesh:${key}`, value]));
        const local = file("Pulumi.local.yaml").config;
        this.write("Pulumi.yaml", stringify({ ...file("Pulumi.yaml"), name: "oke-mesh" }));
        this.write(`Pulumi.${stack}.yaml`, stringify({ config: { ...local, ...config } }));
        this.write("index.ts", `module.exports = require(${JSON.stringify(join(REPOSITORY, "index.ts"))});\n`);
        this.write("outputs.json", JSON.stringify(outputs));
        // Outputs, secrets in plain text, of this stack alone: what verify asks for.
        const answers = `case "$*" in *--json*--show-secrets*"--stack ${stack}") cat ${this.path("outputs.json")};; *) exit 1;; esac`;
        this.write("pulumi", `#!/bin/sh\n[ "$1 $2" = "stack output" ] || exit 1\n${answers}\n`);
        chmodSync(this.path("pulumi"), 0o755);
    }

    path = (name: string) => join(this.folder, name);

    read = (name: string) => readFileSync(this.path(name), "utf8");

    private write(name: string, text: string): void {
        writeFileSync(this.path(name), text);
    }

    /** The environment in which its commands run, without a kubeconfig of its own. */
    environment(): NodeJS.ProcessEnv {
        return {
            ...process.env,
            KUBECONFIG: undefined,
            PATH: `${this.folder}${delimiter}${process.env.PATH}`,
            TS_NODE_PROJECT: join(REPOSITORY, "tsconfig.json"),
        };
    }
}

/** What package.json runs for a command. */
export function scriptOf(name: string): string[] {
    const { scripts } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as {
        scripts: Record<string, string>;
    };
    const [program = "", ...args] = (scripts[name] ?? "").split(" ");
    const inRepository = (word: string) => (/^ts-node|\.ts$/.test(word) ? require.resolve(found(word)) : word);
    return [program, ...args.map(inRepository)];
}

const found = (word: string) => (word.endsWith(".ts") ? join(REPOSITORY, word) : word);

/** A way to the API server that stops after some bytes: connections stay, and nothing more is answered. */
export class StoppingServer {
    private bytes = 0;
    private readonly sockets = new Set<Socket>();
    private stop: () => void = () => undefined;
    private readonly stopped = new Promise<void>((done) => (this.stop = done));

    private constructor(
        private readonly target: { host: string; port: number },
        private readonly limit: number,
    ) {}

    static async of(
        server: string,
        limit: number,
    ): Promise<{ port: number; stopped: Promise<void>; close: () => void }> {
        const { hostname, port } = new URL(server);
        const stopping = new StoppingServer({ host: hostname, port: Number(port) }, limit);
        const listening = createServer((socket) => stopping.accept(socket));
        await new Promise<void>((done) => listening.listen(0, "127.0.0.1", done));
        const close = () => {
            stopping.sockets.forEach((socket) => socket.destroy());
            listening.close();
        };
        return { port: (listening.address() as AddressInfo).port, stopped: stopping.stopped, close };
    }

    private accept(socket: Socket): void {
        const upstream = connect(this.target);
        for (const each of [socket, upstream]) {
            this.sockets.add(each);
            each.on("error", () => each.destroy());
        }
        socket.on("data", (chunk) => upstream.write(chunk));
        upstream.on("data", (chunk) => {
            this.bytes += chunk.length;
            if (this.bytes > this.limit) {
                this.stop();
            } else {
                socket.write(chunk);
            }
        });
        socket.on("close", () => upstream.destroy());
    }
}
