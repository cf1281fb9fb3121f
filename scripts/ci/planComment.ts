import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { inspect } from "node:util";
import { run } from "../../plan/commandLine";
import { exitCodeOf, isWrongInput, planned, refused } from "../../plan/exitCodes";
import { readFile } from "../../plan/files";
import { parseJson } from "../../plan/report/json";
import { limit } from "../../plan/report/markdown";
import { cutTo } from "../../plan/words";

/** A comment on a pull request, and the code that the command which made it ends with. */
export interface Comment {
    text: string;
    code: number;
}

export interface Compared {
    stack: string;
    /** File with the plan of the target branch. It may be missing or unreadable. */
    before: string;
    /** Folder of the pull request. @default the current one */
    folder?: string;
    /** Receives the plan as text. @default standard output */
    print?: (text: string) => void;
}

/**
 * Plans a stack and says in a comment what differs from the plan of the target branch. What is wrong with the settings is
 * a comment too; without a plan of the target branch there is no difference to show.
 */
export async function planComment({ stack, before, ...options }: Compared): Promise<Comment> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "plan-comment-"));
    const file = path.join(folder, "comment.md");
    const obstacle = obstacleIn(before);
    try {
        const against = obstacle === undefined ? ["--against", before] : [];
        const outcome = await run(["--stack", stack, "--markdown", file, ...against], options);
        const remark = obstacle === undefined ? "" : `_No comparison with the target branch: ${obstacle}_\n\n`;
        const text = fs.readFileSync(file, "utf8");
        return { text: `${remark}${text}`, code: outcome === "refused" ? refused : planned };
    } catch (error) {
        return { text: failure(stack, error), code: exitCodeOf(error) };
    } finally {
        fs.rmSync(folder, { recursive: true });
    }
}

/** Why a plan cannot be compared with; undefined if it can. */
function obstacleIn(file: string): string | undefined {
    if (!fs.existsSync(file)) {
        return "it could not be planned, or does not have this stack.";
    }
    try {
        parseJson(readFile(file), "its plan");
        return undefined;
    } catch (error) {
        return `${(error as Error).message.split("\n")[0]}.`;
    }
}

function failure(stack: string, error: unknown): string {
    const isInput = isWrongInput(error);
    const what = isInput ? "The settings need attention" : "The program failed";
    const text = isInput ? error.message : inspect(error);
    const title = `## No plan of \`${stack}\`\n\n${what}:\n\n`;
    const room = limit - title.length - 20;
    return `${title}~~~~~\n${cutTo(room, text).replaceAll("~~~~~", "~~~~")}\n~~~~~\n`;
}
