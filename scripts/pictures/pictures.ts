import { createHash } from "node:crypto";
import type { Plan } from "../../plan/model";
import type { RecordOptions } from "../../plan/record/record";
import { diff } from "../../plan/report/diff";
import { asset } from "../../plan/report/html/assets";
import { renderMermaid } from "../../plan/report/mermaid";
import { compared } from "../../plan/report/pictures/compare";
import { meshPicture } from "../../plan/report/pictures/mesh";
import { networkPicture } from "../../plan/report/pictures/network";
import type { Picture } from "../../plan/report/pictures/picture";
import { STEPS, type Step } from "./steps";

/** A picture of the documentation: docs/pictures/<file>.svg. */
export interface Drawing {
    file: string;
    title: string;
    about: string;
    /** Text for Mermaid. */
    source: string;
}

type Recorder = (options: RecordOptions) => Promise<Plan>;

const FIXED = ["mesh", "network"] as const;

/** Names of the files in docs/pictures, without their ending. */
export const FILES: string[] = [...FIXED, ...STEPS.map(({ file }) => file)];

/** A picture as its plan has it today. */
export async function drawingOf(file: string, record: Recorder): Promise<Drawing> {
    const step = STEPS.find((each) => each.file === file);
    if (step) {
        return drawing(file, step.title, await pictureOf(step, record));
    }
    return file === "network"
        ? drawing(file, "The network of the stack dev", networkPicture(await record({ stack: "dev" })))
        : drawing(file, "The mesh of the stack prod", meshPicture(await record({ stack: "prod" })));
}

function drawing(file: string, title: string, picture: Picture): Drawing {
    return { file, title, about: picture.about, source: renderMermaid(picture, { named: true }) };
}

async function pictureOf({ override, since }: Step, record: Recorder): Promise<Picture> {
    const after = await record({ stack: "local", override });
    if (!since) {
        return meshPicture(after);
    }
    const before = await record({ stack: "local", override: since });
    return compared(meshPicture(before), meshPicture(after), diff(before, after));
}

/** What identifies a picture: its source, and how it is drawn. */
export function fingerprint({ source, title, about }: Drawing): string {
    const style = ["colours.css", "pictures.css", "drawing.js"].map(asset);
    return createHash("sha256")
        .update([title, about, source, ...style].join("\n"))
        .digest("hex");
}
