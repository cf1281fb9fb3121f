/** Arguments of which each that has a default is there. */
export type WithDefaults<Args, Defaults> = Args & Required<Pick<Args, keyof Defaults & keyof Args>>;

/** The arguments, with its default in place of each that is absent or undefined. */
export function withDefaults<Args extends object, Defaults extends Partial<Args>>(
    args: Args,
    defaults: Defaults,
): WithDefaults<Args, Defaults> {
    const given = Object.entries(args).filter(([, value]) => value !== undefined);
    return Object.fromEntries([...Object.entries(defaults), ...given]) as WithDefaults<Args, Defaults>;
}
