import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** What installs a browser, for messages. */
export const INSTALL = "apt-get install chromium, or set CHROMIUM to the path of a Chromium or Chrome";

/** The browser of this machine: that of the variable CHROMIUM, or one in its usual place. */
export function chromiumPath(): string | undefined {
    return [process.env.CHROMIUM, ...PATHS].find((path) => path !== undefined && path !== "" && existsSync(path));
}

/** Starts the browser without a window. The sandbox of Chromium does not start as root, as in containers. */
export function startChromium(executablePath: string): Promise<Browser> {
    return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
}
