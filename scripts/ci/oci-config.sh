#!/usr/bin/env bash
# Writes ~/.oci/config for the OCI provider and for `oci`, which gets the cluster's tokens, from the secrets of an
# environment: OCI_TENANCY, OCI_USER, OCI_FINGERPRINT, OCI_REGION and OCI_PRIVATE_KEY. Without them it writes nothing.
set -euo pipefail
if [ -z "${OCI_TENANCY:-}" ]; then
    echo "OCI_TENANCY is not set: no credentials for OCI."
    exit 0
fi
umask 077
mkdir -p ~/.oci
printf '%s\n' "$OCI_PRIVATE_KEY" > ~/.oci/key.pem
cat > ~/.oci/config << EOF
[DEFAULT]
tenancy=$OCI_TENANCY
user=$OCI_USER
fingerprint=$OCI_FINGERPRINT
region=$OCI_REGION
key_file=$HOME/.oci/key.pem
EOF
