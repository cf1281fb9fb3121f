// Installs the dependencies when they are missing or do not match package-lock.json. Runs before every npm script that
// needs them, so it uses nothing but Node, in a syntax that even a Node too old for the project can read.
"use strict";

const fs = require("fs");
const path = require("path");
const { spawn } = require("child_process");

const root = process.cwd();
const wrongNode = 1;
const failed = 2;
const hiddenLock = path.join(root, "node_modules", ".package-lock.json");
/** Holds the id of the process that installs. Beside node_modules, which npm deletes and makes anew. */
const installing = path.join(root, ".installing");

// Install scripts stay off: those of the Pulumi SDKs fetch plugins, which `pulumi up` does by itself when it needs them.
const installArguments = ["ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];

main();

function main() {
    const manifest = readJson(path.join(root, "package.json")) || {};
    const wanted = manifest.engines && manifest.engines.node;
    if (wanted && !satisfies(process.versions.node, wanted)) {
        console.error("This project needs Node " + wanted + "; this is Node " + process.versions.node + ".");
        console.error(
            "Install a supported version from https://nodejs.org or with your version manager, then try again.",
        );
        process.exitCode = wrongNode;
        return;
    }
    if (missingPackages().length > 0) {
        whenAlone(function () {
            const missing = missingPackages();
            if (missing.length > 0) {
                install(missing);
            }
        });
    }
}

/** Runs `then` when no other process installs here: two npms at once would delete each other's files. */
function whenAlone(then, waits) {
    try {
        fs.writeFileSync(installing, String(process.pid), { flag: "wx" });
        process.on("exit", function () {
            fs.rmSync(installing, { force: true });
        });
    } catch (error) {
        if (error.code !== "EEXIST") {
            then(); // a folder that cannot be written: npm says so better
            return;
        }
        if (!isRunning(installing)) {
            fs.rmSync(installing, { force: true });
        } else if (!waits) {
            console.error("Another command is installing the packages; waiting for it ...");
        }
        setTimeout(whenAlone, 200, then, true);
        return;
    }
    then();
}

/** Whether the process that a file names still runs. */
function isRunning(file) {
    try {
        process.kill(Number(fs.readFileSync(file, "utf8")) || 0, 0);
        return true;
    } catch (error) {
        return error.code === "EPERM"; // another user's
    }
}

/** Packages that package-lock.json names and node_modules does not hold in that version. */
function missingPackages() {
    const locked = packagesOf(path.join(root, "package-lock.json"));
    const installed = packagesOf(hiddenLock);
    return Object.keys(locked).filter(function (name) {
        const want = locked[name];
        const have = installed[name];
        if (name === "" || (want.optional && !have)) {
            return false; // the project itself, or a package that npm left out on this platform
        }
        const same = have && have.version === want.version && have.integrity === want.integrity;
        // An interrupted removal leaves the record but not the files.
        return !same || !fs.existsSync(path.join(root, name, "package.json"));
    });
}

function install(missing) {
    const started = Date.now();
    const seconds = function () {
        return Math.round((Date.now() - started) / 1000) + " s";
    };
    const npm = npmCommand();
    console.error("Installing " + missing.length + " packages (npm ci); the first time takes a minute or two ...");
    // Without this record a later run knows that an install was interrupted; npm writes it last.
    fs.rmSync(hiddenLock, { force: true });

    let output = "";
    const child = spawn(npm.command, npm.prefix.concat(installArguments), { cwd: root, shell: npm.shell });
    const heartbeat = setInterval(function () {
        console.error("  still installing after " + seconds());
    }, 20000);
    const keep = function (chunk) {
        output = (output + chunk).slice(-20000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", function (error) {
        clearInterval(heartbeat);
        fail("npm could not be started: " + error.message, output);
    });
    child.on("close", function (code, signal) {
        clearInterval(heartbeat);
        const left = code === 0 ? missingPackages() : [];
        if (left.length > 0) {
            fail("npm ci succeeded, but these packages are still missing: " + left.slice(0, 5).join(", "), output);
        } else if (code === 0) {
            console.error("Installed in " + seconds() + ".");
        } else if (code !== null || signal) {
            fail("npm ci failed after " + seconds() + " (" + (signal || "exit code " + code) + ").", output);
        }
    });
}

function fail(reason, output) {
    process.exitCode = failed;
    const withoutLogins = output.replace(/:\/\/[^\s/@]+@/g, "://");
    const tail = worthReading(withoutLogins).join("\n");
    const registry = registryIn(withoutLogins);
    console.error(
        [
            "",
            reason,
            "Tried: npm " + installArguments.join(" ") + " in " + root + (registry ? ", registry " + registry : ""),
            tail ? "\n" + tail.replace(/^/gm, "    ") + "\n" : "",
            "What to do:",
        ]
            .concat(
                advice(withoutLogins).map(function (line) {
                    return "  " + line;
                }),
            )
            .concat("Then run the command again; it repairs an incomplete installation.")
            .join("\n"),
    );
}

/** What helps against the error that npm names; without one, what helps most often. */
function advice(output) {
    if (/\b(EACCES|EPERM|EROFS)\b/.test(output)) {
        return ["change the owner of this folder and ~/.npm: the user who runs npm needs write access to both"];
    }
    if (/\bENOSPC\b/.test(output)) {
        return ["free disk space: node_modules needs about 400 MB"];
    }
    return [
        "behind a proxy             npm config set https-proxy http://HOST:PORT",
        "with a mirror of npm       npm config set registry https://MIRROR/",
        "without any network        fill npm's cache on another machine (npm ci), copy ~/.npm here, then",
        "                           npm ci --ignore-scripts --offline",
        "package-lock.json refused  npm install, then check what changes in package-lock.json",
    ];
}

/** The first lines of npm's errors, or the last ones of anything else: each once, without Node's stack. */
function worthReading(output) {
    const lines = output.split("\n").map(function (line) {
        return line.trimEnd();
    });
    const useful = lines.filter(function (line, index) {
        const text = line.replace(/^npm (error|ERR!) ?/, "");
        const ofNode = /^\s+at |^\s+\w+: ('.*'|-?\d+),?$|^\}$/.test(text);
        return text !== "" && !ofNode && lines.indexOf(line) === index;
    });
    const errors = useful.filter(function (line) {
        return /^npm (error|ERR!)/.test(line);
    });
    return errors.length > 0 ? errors.slice(0, 10) : useful.slice(-10);
}

/** Host of the registry that npm says it asked, if it says so. */
function registryIn(output) {
    const match = /(?:request to|GET) https?:\/\/([^\s/]+)/.exec(output);
    return match ? match[1] : undefined;
}

/** npm as it was started, or the one on PATH. */
function npmCommand() {
    const running = process.env.npm_execpath;
    if (running && /npm-cli\.js$/.test(running)) {
        return { command: process.execPath, prefix: [running], shell: false };
    }
    // On Windows npm is a .cmd file, which only a shell can start.
    return { command: "npm", prefix: [], shell: process.platform === "win32" };
}

function packagesOf(file) {
    const lock = readJson(file);
    return (lock && lock.packages) || {};
}

function readJson(file) {
    try {
        return JSON.parse(fs.readFileSync(file, "utf8"));
    } catch {
        return undefined; // missing, or cut off by an interrupted install
    }
}

/** Whether a version fits a range of the forms `^1.2.3` and `>=1.2.3`, joined with `||`. */
function satisfies(version, range) {
    const have = version.split(".").map(Number);
    return range.split("||").some(function (part) {
        const match = /^\s*(\^|>=)\s*(\d+)\.(\d+)\.(\d+)\s*$/.exec(part);
        if (!match) {
            return true; // a range this script cannot read is npm's to judge
        }
        const want = match.slice(2).map(Number);
        const difference = have[0] - want[0] || have[1] - want[1] || have[2] - want[2];
        return difference >= 0 && (match[1] === ">=" || have[0] === want[0]);
    });
}
