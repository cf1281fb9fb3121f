/** A picture of a part of the plan: boxes, and what leads from one to another. Independent of who draws it. */
export interface Picture {
    /** What it shows, in one sentence for those who cannot see it. */
    about: string;
    boxes: Box[];
    arrows: Arrow[];
    /** Frames around boxes; each after the frame that holds it. */
    frames: Frame[];
}

/** What a box stands for: decides its shape and colour. */
export type BoxKind =
    | "outside"
    | "gateway"
    | "service"
    | "troubled"
    | "version"
    | "account"
    | "external"
    | "plain"
    | "subnet"
    | "public"
    | "exit";

/** What an arrow stands for: traffic, traffic that may come, none, traffic that is refused, and copies of requests. */
export type ArrowKind = "flow" | "allowed" | "idle" | "refused" | "mirror" | "plain";

/** What became of it since an earlier plan. */
export type Mark = "added" | "removed" | "changed";

export interface Box {
    id: string;
    kind: BoxKind;
    /** Its name, then what there is to say about it. */
    lines: string[];
    /** The frame it is in. */
    frame?: string;
    /** URNs of the resources that it stands for. */
    urns: string[];
    mark?: Mark;
}

export interface Arrow {
    from: string;
    to: string;
    kind: ArrowKind;
    /** Said beside it. */
    lines: string[];
    /** Columns that it passes. @default 1 */
    length?: number;
    /** Whether the same leads back. @default false */
    both?: boolean;
    /** URNs of the resources that it stands for. */
    urns: string[];
    mark?: Mark;
}

export interface Frame {
    id: string;
    title: string;
    /** The frame it is in. */
    frame?: string;
    mark?: Mark;
}

/** Arrows up to which a picture is drawn: Mermaid stops at 500, and nobody follows as many. */
export const MOST_ARROWS = 400;
