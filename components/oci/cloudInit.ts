/**
 * Kernel modules that Istio's traffic redirection needs and that Oracle Linux 8 and 9 nodes do not load by themselves:
 * Istio's own list, the tables istio-init writes to, and iptable_raw for DNS capture.
 * https://istio.io/latest/docs/ops/deployment/platform-requirements/
 * https://github.com/istio/istio/issues/46108
 */
export const ISTIO_KERNEL_MODULES = [
    "br_netfilter",
    "nf_nat",
    "iptable_filter",
    "iptable_mangle",
    "iptable_nat",
    "iptable_raw",
    "xt_REDIRECT",
    "xt_conntrack",
    "xt_multiport",
    "xt_owner",
    "xt_tcpudp",
];

/**
 * The cloud-init script of a node that runs the mesh: grow the root file system to the boot volume, which images leave
 * at their own size, load Istio's kernel modules and keep them over reboots, then run OKE's own initialization, which joins
 * the node to the cluster, unchanged. Growing comes first: the kubelet reads the size when it starts.
 * https://github.com/oracle-terraform-modules/terraform-oci-oke/issues/649
 * https://github.com/oracle-terraform-modules/terraform-oci-oke/issues/1009
 * https://docs.oracle.com/en-us/iaas/Content/ContEng/Tasks/contengusingcustomcloudinitscripts.htm
 *
 * @param root Directory to put before every path, so that a test can run the script. @default none
 */
export function nodeCloudInit(root = ""): string {
    return `#!/bin/bash
# Output goes to /var/log/cloud-init-output.log.
set -uo pipefail

growfs=${root}/usr/libexec/oci-growfs
if [ ! -x "$growfs" ]; then
    echo "oke-mesh: WARNING: $growfs is not on this image; the root file system keeps the image's size" >&2
elif ! "$growfs" -y; then
    echo "oke-mesh: WARNING: the root file system could not be grown to the boot volume" >&2
fi

modules_file=${root}/etc/modules-load.d/istio.conf
mkdir -p ${root}/etc/modules-load.d ${root}/var/run
echo "# Istio's traffic redirection (oke-mesh)" > "$modules_file"
for module in ${ISTIO_KERNEL_MODULES.join(" ")}; do
    # Kernels differ: Oracle Linux 9 has dropped some. A node without one of them is still better than no node,
    # and only what loads is kept, because systemd-modules-load fails over a name it does not find.
    if modprobe "$module"; then
        echo "$module" >> "$modules_file"
    else
        echo "oke-mesh: WARNING: kernel module $module is not there; Istio may not work on this node" >&2
    fi
done

oke_init=${root}/var/run/oke-init.sh
for attempt in 1 2 3 4 5 6; do
    if curl --fail --silent --show-error --location --max-time 10 --header "Authorization: Bearer Oracle" \\
        http://169.254.169.254/opc/v2/instance/metadata/oke_init_script | base64 --decode > "$oke_init" \\
        && [ -s "$oke_init" ]; then
        exec bash "$oke_init"
    fi
    echo "oke-mesh: attempt $attempt to fetch oke_init_script failed" >&2
    sleep $((attempt * 5))
done
echo "oke-mesh: ERROR: no oke_init_script, so this node cannot join the cluster" >&2
exit 1
`;
}
