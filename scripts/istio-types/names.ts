/**
 * Names of nested shapes that code passes around. They are the names of Istio's reference pages.
 * A path is a kind followed by field names; `[]` is an element of a list, `{}` a value of a map.
 * Every other place with the same shape gets the same name. All other shapes are written inline.
 */
export const shapeNames: Record<string, string> = {
    "Gateway.servers[]": "Server",
    "Gateway.servers[].port": "Port",
    "Gateway.servers[].tls": "ServerTLSSettings",

    "VirtualService.http[]": "HTTPRoute",
    "VirtualService.http[].match[]": "HTTPMatchRequest",
    "VirtualService.http[].match[].uri": "StringMatch",
    "VirtualService.http[].route[]": "HTTPRouteDestination",
    "VirtualService.http[].route[].destination": "Destination",
    "VirtualService.http[].redirect": "HTTPRedirect",
    "VirtualService.http[].directResponse": "HTTPDirectResponse",
    "VirtualService.http[].rewrite": "HTTPRewrite",
    "VirtualService.http[].retries": "HTTPRetry",
    "VirtualService.http[].fault": "HTTPFaultInjection",
    "VirtualService.http[].fault.delay": "HTTPFaultDelay",
    "VirtualService.http[].fault.abort": "HTTPFaultAbort",
    "VirtualService.http[].mirrors[]": "HTTPMirrorPolicy",
    "VirtualService.http[].corsPolicy": "CorsPolicy",
    "VirtualService.http[].headers": "Headers",
    "VirtualService.http[].headers.request": "HeaderOperations",
    "VirtualService.tls[]": "TLSRoute",
    "VirtualService.tls[].match[]": "TLSMatchAttributes",
    "VirtualService.tls[].route[]": "RouteDestination",
    "VirtualService.tcp[]": "TCPRoute",
    "VirtualService.tcp[].match[]": "L4MatchAttributes",

    "DestinationRule.subsets[]": "Subset",
    "DestinationRule.trafficPolicy": "TrafficPolicy",
    "DestinationRule.trafficPolicy.portLevelSettings[]": "PortTrafficPolicy",
    "DestinationRule.trafficPolicy.connectionPool": "ConnectionPoolSettings",
    "DestinationRule.trafficPolicy.loadBalancer": "LoadBalancerSettings",
    "DestinationRule.trafficPolicy.loadBalancer.consistentHash": "ConsistentHashLB",
    "DestinationRule.trafficPolicy.loadBalancer.localityLbSetting": "LocalityLoadBalancerSetting",
    "DestinationRule.trafficPolicy.outlierDetection": "OutlierDetection",
    "DestinationRule.trafficPolicy.tls": "ClientTLSSettings",

    "ServiceEntry.ports[]": "ServicePort",

    "Sidecar.egress[]": "IstioEgressListener",
    "Sidecar.ingress[]": "IstioIngressListener",
    "Sidecar.outboundTrafficPolicy": "OutboundTrafficPolicy",

    "EnvoyFilter.configPatches[]": "EnvoyConfigObjectPatch",
    "EnvoyFilter.configPatches[].match": "EnvoyConfigObjectMatch",
    "EnvoyFilter.configPatches[].patch": "EnvoyPatch",
    "EnvoyFilter.targetRefs[]": "PolicyTargetReference",

    "RequestAuthentication.jwtRules[]": "JWTRule",

    "AuthorizationPolicy.selector": "WorkloadSelector",
    "AuthorizationPolicy.rules[]": "Rule",
    "AuthorizationPolicy.rules[].from[].source": "Source",
    "AuthorizationPolicy.rules[].to[].operation": "Operation",
    "AuthorizationPolicy.rules[].when[]": "Condition",

    "Telemetry.tracing[]": "Tracing",
    "Telemetry.tracing[].customTags{}": "CustomTag",
    "Telemetry.metrics[]": "Metrics",
    "Telemetry.metrics[].overrides[]": "MetricsOverrides",
    "Telemetry.accessLogging[]": "AccessLogging",
};

/** Likewise for the Gateway API: https://gateway-api.sigs.k8s.io/reference/spec/ */
export const gatewayApiShapeNames: Record<string, string> = {
    "Gateway.listeners[]": "Listener",
    "HTTPRoute.parentRefs[]": "ParentReference",
    "HTTPRoute.rules[]": "HTTPRouteRule",
    "HTTPRoute.rules[].matches[]": "HTTPRouteMatch",
    "HTTPRoute.rules[].matches[].path": "HTTPPathMatch",
    "HTTPRoute.rules[].filters[]": "HTTPRouteFilter",
    "HTTPRoute.rules[].backendRefs[]": "HTTPBackendRef",
};
