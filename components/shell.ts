/** A word for a shell: quoted unless nothing in it means anything to one. */
export function word(text: string): string {
    return /^[\w.,:/@%+-][\w.,:/@%+=-]*$/.test(text) ? text : quoted(text);
}

/** Nothing between single quotes means anything to a shell. */
export function quoted(text: string): string {
    return `'${text.replaceAll("'", `'\\''`)}'`;
}
