import type { OciSettings } from "./oci";
import { dotted, setCommand, type Problem } from "./problems";
import { knownRegion, REGIONS } from "./regions";
import type { Settings } from "./schema";

/** What names a place that `oci:region` is not: OCIDs of another region or realm, availability domains, service labels. */
export function placeProblems(settings: Partial<Settings>, { region, tenancyOcid }: OciSettings): Problem[] {
    const ocids = [...textsIn(settings), { key: "oci:tenancyOcid", text: tenancyOcid ?? "" }]
        .filter(({ text }) => text.startsWith("ocid1."))
        .flatMap(({ key, text }) => elsewhere(key, text, region));
    return [...ocids, ...availabilityDomains(settings, region), ...oracleServices(settings, region)];
}

/** `ocid1.<type>.<realm>.<region, or nothing>.<unique id>` */
function elsewhere(key: string, ocid: string, region: string): Problem[] {
    const [, type = "", realm = "", place = ""] = ocid.split(".");
    const known = REGIONS[region];
    const fix = [setCommand(key, `<ocid1.${type}...>`)];
    if (known !== undefined && realm !== known.realm) {
        return [{ key, message: `is of realm ${realm}, but oci:region ${region} is in realm ${known.realm}`, fix }];
    }
    const other = place === "" ? undefined : (knownRegion(place) ?? (place.includes("-") ? place : undefined));
    return other === undefined || other === region
        ? []
        : [{ key, message: `is of region ${other}, but oci:region is ${region}`, fix }];
}

/** `Uocm:US-ASHBURN-AD-1`, `Uocm:PHX-AD-1`, `Uocm:EU-FRANKFURT-1-AD-1` */
function availabilityDomains({ cluster }: Partial<Settings>, region: string): Problem[] {
    const known = REGIONS[region];
    if (cluster?.source !== "new" || known === undefined) {
        return [];
    }
    const names = [region, region.replace(/-\d+$/, ""), known.key].map((name) => name.toUpperCase());
    return cluster.availabilityDomains.flatMap((domain, index) => {
        const place = domain.replace(/^.*:/, "").replace(/-AD-\d$/, "");
        const key = `cluster.availabilityDomains[${index}]`;
        const message = `is ${domain}, which is not in oci:region ${region}`;
        return names.includes(place) ? [] : [{ key, message, fix: [setCommand(key, "<availability domain>")] }];
    });
}

function oracleServices({ network }: Partial<Settings>, region: string): Problem[] {
    const label = network?.source === "new" ? network.oracleServices?.cidrLabel : undefined;
    const known = REGIONS[region];
    const wanted = `all-${known?.key}-services-in-oracle-services-network`;
    const key = "network.oracleServices.cidrLabel";
    return label === undefined || known === undefined || label === wanted
        ? []
        : [{ key, message: `is ${label}, in oci:region ${region} it is ${wanted}`, fix: [setCommand(key, wanted)] }];
}

/** Every text in the settings, by its dotted key. */
function textsIn(value: unknown, path: (string | number)[] = []): { key: string; text: string }[] {
    if (typeof value === "string") {
        return [{ key: dotted(path), text: value }];
    }
    if (Array.isArray(value)) {
        return value.flatMap((item, index) => textsIn(item, [...path, index]));
    }
    return typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([name, inner]) => textsIn(inner, [...path, name]))
        : [];
}
