/** Named forms, by feature. */
export type Forms<Name extends string> = Record<Name, readonly string[]>;

/** One form of each feature. */
export type Combination<Name extends string> = Record<Name, string>;

interface Choice<Name extends string> {
    feature: Name;
    form: string;
}

/**
 * Combinations in which every two forms of two features meet at least once, unless `isAllowed` refuses them; always the same
 * ones. `isAllowed` is asked about parts of a combination too. Greedy: each combination takes in as many pairs as it can.
 *
 * Of npm's generators covertable was tried: where a filter refuses a row it takes all the row's pairs for done.
 */
export function allPairs<Name extends string>(
    forms: Forms<Name>,
    isAllowed: (part: Partial<Combination<Name>>) => boolean,
): Combination<Name>[] {
    const features = Object.keys(forms) as Name[];
    const missing = new Map(pairsOf(forms).map((pair) => [keyOf(...pair), pair]));
    const found: Combination<Name>[] = [];
    for (const [key, pair] of missing) {
        const start = partOf(pair);
        const row = isAllowed(start) ? completed(start) : undefined;
        if (row) {
            found.push(row);
            choicesOf(row).forEach((one) => choicesOf(row).forEach((other) => missing.delete(keyOf(one, other))));
        }
        missing.delete(key);
    }
    return found;

    function completed(part: Partial<Combination<Name>>): Combination<Name> | undefined {
        const feature = features.find((name) => part[name] === undefined);
        if (feature === undefined) {
            return part as Combination<Name>;
        }
        const gain = (form: string) =>
            choicesOf(part).filter((choice) => missing.has(keyOf(choice, { feature, form }))).length;
        const byGain = forms[feature].map((form) => ({ form, gain: gain(form) })).sort((a, b) => b.gain - a.gain);
        for (const { form } of byGain) {
            const longer = { ...part, [feature]: form };
            const row = isAllowed(longer) ? completed(longer) : undefined;
            if (row) {
                return row;
            }
        }
        return undefined;
    }
}

/** Every two forms of two features. */
export function pairsOf<Name extends string>(forms: Forms<Name>): [Choice<Name>, Choice<Name>][] {
    const choices = (Object.keys(forms) as Name[]).flatMap((feature) =>
        forms[feature].map((form) => ({ feature, form })),
    );
    return choices.flatMap((one, index) =>
        choices
            .slice(index + 1)
            .filter(({ feature }) => feature !== one.feature)
            .map((other): [Choice<Name>, Choice<Name>] => [one, other]),
    );
}

function partOf<Name extends string>(choices: Choice<Name>[]): Partial<Combination<Name>> {
    return Object.fromEntries(choices.map(({ feature, form }) => [feature, form])) as Partial<Combination<Name>>;
}

function choicesOf<Name extends string>(part: Partial<Combination<Name>>): Choice<Name>[] {
    return (Object.entries(part) as [Name, string][]).map(([feature, form]) => ({ feature, form }));
}

function keyOf(...pair: Choice<string>[]): string {
    return pair
        .map(({ feature, form }) => `${feature} ${form}`)
        .sort()
        .join(", ");
}
