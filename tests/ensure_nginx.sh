#!/usr/bin/env bash
# Makes sure that the tests of what stands before a server have nginx.
#
# Where it can't be had, they are skipped; under CI=true that is an error instead.
# tests/test_behind_nginx.py looks in the same place.
set -euo pipefail

# Debian keeps it where only root looks.
PATH=$PATH:/usr/sbin
command -v nginx >/dev/null && exit 0

source "$(dirname "$0")/install_packages.sh"
install_packages "nginx for the tests of what stands before a server" nginx-light && exit 0

if [ "${CI:-}" = true ]; then
    echo "The tests of deploy/nginx.conf need nginx, which is neither here nor to be installed." >&2
    exit 1
fi
echo "Tests that run nginx will be skipped: to run them, 'sudo apt-get install nginx-light'."
