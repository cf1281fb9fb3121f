/**
 * What lets pods be replaced without a lost request; docs/upgrades.md shows it for services of one's own. The sidecars
 * have it from Istio: native sidecars start before the application and end after it.
 */

/** New pods are ready before old ones stop. */
export const NEW_BEFORE_OLD = { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };

/**
 * A pod that is to stop goes on answering until all proxies know: for as long as istiod holds back changes at most
 * (PILOT_DEBOUNCE_MAX). Without it the server stops at once, while requests are still on their way.
 */
export const ANSWERS_UNTIL_KNOWN = { preStop: { sleep: { seconds: 10 } } };
