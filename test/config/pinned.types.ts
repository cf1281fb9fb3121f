type KeysOf<T> = T extends unknown ? keyof T : never;
type ValueOf<T, Key> = T extends unknown ? (Key extends keyof T ? T[Key] : never) : never;

/** Keys of settings, at every depth, that an argument lacks: what is set there would be silently ignored. */
type Unknown<Settings, Args> = Settings extends readonly (infer Entry)[]
    ? Args extends readonly (infer Known)[]
        ? Unknown<Entry, Known>
        : never
    : Settings extends object
      ? {
            [Key in KeysOf<Settings> & string]: Key extends KeysOf<Args>
                ? Unknown<NonNullable<ValueOf<Settings, Key>>, NonNullable<ValueOf<Args, Key>>>
                : Key;
        }[KeysOf<Settings> & string]
      : never;

/** `never` where each key of the settings is one of the argument or of `Elsewhere`, and each of the argument is set. */
type Unpinned<Settings, Args, Elsewhere extends KeysOf<Settings>, Wired extends keyof Args> =
    | Unknown<Omit<Settings, Elsewhere>, Args>
    | Exclude<keyof Args, KeysOf<Settings> | Wired>;

/**
 * Compiles only where settings and argument agree; else the missing argument is the key that one of them lacks.
 * `Elsewhere`: keys that become something else on the way. `Wired`: arguments that do not come from these settings.
 */
export declare function pinned<
    Settings,
    Args,
    Elsewhere extends KeysOf<Settings> = never,
    Wired extends keyof Args = never,
>(
    ...key: [Unpinned<Settings, Args, Elsewhere, Wired>] extends [never]
        ? []
        : [key: Unpinned<Settings, Args, Elsewhere, Wired>]
): void;
