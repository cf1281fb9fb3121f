import { ADDON_CHARTS, ADDON_NAMES } from "../../components/addons/versions";
import { dotted, removeCommand, setCommand, type Problem } from "../problems";
import type { Settings } from "../schema";
import { onMesh, type Rule } from "./rule";

/** The add-ons that are to be opened at the gateway, with the key of that setting. */
function opened({ addons }: Partial<Settings>) {
    return ADDON_NAMES.flatMap((addon) => {
        const host = addons?.[addon].host;
        return host === undefined ? [] : [{ addon, host, key: `addons.${addon}.host` }];
    });
}

const opensSignInsOnly: Rule = (settings) =>
    opened(settings)
        .filter(({ addon }) => !ADDON_CHARTS[addon].hasSignIn)
        .map(({ addon, host, key }) => ({
            key,
            message: `is ${host}, but ${addon} has no sign-in: everyone who knows the address would have access. Use port-forward instead`,
            fix: [removeCommand(key)],
        }));

const opensNobodyAnonymous: Rule = ({ addons }) => {
    const { grafana, kiali } = addons ?? {};
    const why = (addon: string) =>
        `which is not allowed with addons.${addon}.host: everyone who knows the address would have access`;
    const anonymous: [isSo: boolean, key: string, found: string, instead: string | boolean][] = [
        [
            grafana?.host !== undefined && grafana.anonymous,
            "addons.grafana.anonymous",
            `is true, ${why("grafana")}`,
            false,
        ],
        [
            kiali?.host !== undefined && kiali.signIn === "anonymous",
            "addons.kiali.signIn",
            `is anonymous, ${why("kiali")}`,
            "token",
        ],
    ];
    return anonymous
        .filter(([isSo]) => isSo)
        .map(([, key, message, instead]) => ({ key, message, fix: [setCommand(key, instead)] }));
};

const opensWhatIsOn: Rule = (settings) =>
    opened(settings)
        .filter(({ addon }) => !settings.addons?.[addon].enabled)
        .map(({ addon, key }) => ({ key, message: `is set, but addons.${addon} is off`, fix: [removeCommand(key)] }));

/** A password over plain HTTP is none. */
const opensOverTls = onMesh(({ hosts }, { gateway }) => {
    const certificate = [
        setCommand("gateway.tls.certificate.source", "existing"),
        setCommand("gateway.tls.certificate.secretName", "<secret>"),
    ];
    const isOff = (host: string) => gateway.tls?.hosts[host]?.mode === "off";
    return hosts
        .filter(({ owner, tls }) => owner.startsWith("addons.") && tls === undefined)
        .map(({ host, key }) => ({
            key,
            message: `is ${host}, which the gateway does not serve with HTTPS: it needs gateway.tls`,
            fix: [
                ...(isOff(host) ? [removeCommand(dotted(["gateway", "tls", "hosts", host, "mode"]))] : []),
                ...(gateway.tls?.mode === "off" ? [setCommand("gateway.tls.mode", "simple")] : []),
                ...(gateway.tls?.certificate ? [] : certificate),
            ],
        }));
});

/** An add-on has all paths of its host. */
const hostsAreFree = onMesh(({ hosts }) =>
    hosts.flatMap(({ host, named: [first, ...others] }) =>
        others
            .filter(({ owner }) => owner.startsWith("addons."))
            .map(({ key }): Problem => {
                const message = `is ${host}, which ${first?.owner} has already`;
                return { key, message, fix: [removeCommand(key)] };
            }),
    ),
);

export const addonHostRules = [opensSignInsOnly, opensNobodyAnonymous, opensWhatIsOn, opensOverTls, hostsAreFree];
