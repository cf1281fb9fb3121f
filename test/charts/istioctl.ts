import { attempt } from "../cluster/support/command";

/** Skips a suite where istioctl is not on PATH. It validates as Istio's webhook does, without a cluster. */
export function onIstioctl(): void {
    before(async function () {
        const { code } = await attempt("istioctl", ["version", "--remote=false"]).catch(() => ({ code: 1 }));
        if (code !== 0) {
            console.log("  skipped: istioctl not found on PATH.");
            this.skip();
        }
    });
}

/** What Istio says of objects, and 0 where it accepts all of them. */
export async function validated(objects: object[]): Promise<{ code: number | null; said: string }> {
    const text = objects.map((object) => JSON.stringify(object)).join("\n---\n");
    const { code, stdout, stderr } = await attempt("istioctl", ["validate", "-f", "-"], text);
    return { code, said: stdout + stderr };
}
