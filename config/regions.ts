/**
 * OCI's regions by realm, each with the key that stands for it in names.
 * https://docs.oracle.com/en-us/iaas/Content/General/Concepts/regions.htm
 */
const REALMS: Record<string, Record<string, string>> = {
    oc1: {
        "af-johannesburg-1": "jnb",
        "ap-batam-1": "hsg",
        "ap-chuncheon-1": "yny",
        "ap-hyderabad-1": "hyd",
        "ap-melbourne-1": "mel",
        "ap-mumbai-1": "bom",
        "ap-osaka-1": "kix",
        "ap-seoul-1": "icn",
        "ap-singapore-1": "sin",
        "ap-singapore-2": "xsp",
        "ap-sydney-1": "syd",
        "ap-tokyo-1": "nrt",
        "ca-montreal-1": "yul",
        "ca-toronto-1": "yyz",
        "eu-amsterdam-1": "ams",
        "eu-frankfurt-1": "fra",
        "eu-madrid-1": "mad",
        "eu-marseille-1": "mrs",
        "eu-milan-1": "lin",
        "eu-paris-1": "cdg",
        "eu-stockholm-1": "arn",
        "eu-zurich-1": "zrh",
        "il-jerusalem-1": "mtz",
        "me-abudhabi-1": "auh",
        "me-dubai-1": "dxb",
        "me-jeddah-1": "jed",
        "me-riyadh-1": "ruh",
        "mx-monterrey-1": "mty",
        "mx-queretaro-1": "qro",
        "sa-bogota-1": "bog",
        "sa-santiago-1": "scl",
        "sa-saopaulo-1": "gru",
        "sa-valparaiso-1": "vap",
        "sa-vinhedo-1": "vcp",
        "uk-cardiff-1": "cwl",
        "uk-london-1": "lhr",
        "us-ashburn-1": "iad",
        "us-chicago-1": "ord",
        "us-phoenix-1": "phx",
        "us-sanjose-1": "sjc",
    },
    oc2: { "us-langley-1": "lfi", "us-luke-1": "luf" },
    oc3: { "us-gov-ashburn-1": "ric", "us-gov-chicago-1": "pia", "us-gov-phoenix-1": "tus" },
    oc4: { "uk-gov-cardiff-1": "brs", "uk-gov-london-1": "ltn" },
    oc8: { "ap-chiyoda-1": "nja", "ap-ibaraki-1": "ukb" },
    oc9: { "me-dcc-muscat-1": "mct" },
    oc10: { "ap-dcc-canberra-1": "wga" },
    oc14: { "eu-dcc-dublin-1": "ork", "eu-dcc-milan-1": "bgy", "eu-dcc-rating-1": "dtm" },
    oc19: { "eu-frankfurt-2": "str", "eu-madrid-2": "vll" },
    oc20: { "eu-jovanovac-1": "beg" },
};

/** By identifier, such as us-ashburn-1. */
export const REGIONS: Record<string, { key: string; realm: string }> = Object.fromEntries(
    Object.entries(REALMS).flatMap(([realm, regions]) =>
        Object.entries(regions).map(([name, key]) => [name, { key, realm }]),
    ),
);

/** The region that a text names by its identifier or its key, in whatever case; undefined if it is not in the table. */
export function knownRegion(text: string): string | undefined {
    const wanted = text.trim().toLowerCase();
    return Object.hasOwn(REGIONS, wanted) ? wanted : Object.keys(REGIONS).find((name) => REGIONS[name]?.key === wanted);
}
