import { ADDON_CHARTS, ADDON_NAMES } from "../../components/addons/versions";
import { tlsOf } from "../gatewayTls";
import { dotted, removeCommand, setCommand, type Problem } from "../problems";
import type { Settings } from "../schema";
import type { Rule } from "./rule";

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
            message: `is ${host}, but ${addon} has no sign-in: whoever knows the address would be in. Forward a port instead`,
            fix: [removeCommand(key)],
        }));

const opensNobodyAnonymous: Rule = ({ addons }) => {
    const { grafana, kiali } = addons ?? {};
    const why = (addon: string) => `which does not go with addons.${addon}.host: whoever knows the address would be in`;
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
const opensOverTls: Rule = ({ gateway, ...settings }) => {
    const certificate = [
        setCommand("gateway.tls.certificate.source", "existing"),
        setCommand("gateway.tls.certificate.secretName", "<secret>"),
    ];
    const isOff = (host: string) => gateway?.tls?.hosts[host]?.mode === "off";
    return opened(settings)
        .filter(({ host }) => gateway && tlsOf(gateway, host) === undefined)
        .map(({ host, key }) => ({
            key,
            message: `is ${host}, which the gateway does not serve with HTTPS: it needs gateway.tls`,
            fix: [
                ...(isOff(host) ? [removeCommand(dotted(["gateway", "tls", "hosts", host, "mode"]))] : []),
                ...(gateway?.tls?.mode === "off" ? [setCommand("gateway.tls.mode", "simple")] : []),
                ...(gateway?.tls?.certificate ? [] : certificate),
            ],
        }));
};

/** The gateway tells by the host alone what is asked for. */
const hostsAreFree: Rule = (settings) => {
    const { gateway, services, bookinfo } = settings;
    const exposed = Object.entries(services ?? {}).flatMap(([name, { expose }]) =>
        (expose?.hosts ?? []).map((host) => ({ host, by: `services.${name}.expose.hosts` })),
    );
    const bookinfos = bookinfo?.enabled === false ? [] : (gateway?.hosts ?? []);
    const others = [...bookinfos.map((host) => ({ host, by: "gateway.hosts" })), ...exposed];
    return opened(settings).flatMap(({ host, key }, index, all): Problem[] => {
        const earlier = all.slice(0, index).map((each) => ({ host: each.host, by: each.key }));
        const taken = [...others, ...earlier].find((each) => each.host === host);
        return taken ? [{ key, message: `is ${host}, which ${taken.by} has already`, fix: [removeCommand(key)] }] : [];
    });
};

export const addonHostRules = [opensSignInsOnly, opensNobodyAnonymous, opensWhatIsOn, opensOverTls, hostsAreFree];
