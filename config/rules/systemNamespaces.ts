import { ISTIO_NAMESPACE } from "../../components/istio/versions";

/** Namespaces of the cluster's own and of Istio, which are nobody's to bring into the mesh. */
export const SYSTEM_NAMESPACES = [ISTIO_NAMESPACE, "kube-system", "kube-public", "kube-node-lease"];
