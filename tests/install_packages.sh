# shellcheck shell=bash
# Installs Debian's packages for tests, or fails without a word where that can't be done.
#
#   source install_packages.sh; install_packages "Chromium for the browser tests" chromium
install_packages() {
    local what=$1 as_root=()
    shift
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null && sudo -n true 2>/dev/null || return 1
        as_root=(sudo -n)
    fi
    command -v apt-get >/dev/null || return 1
    echo "Installing $what with apt-get"
    "${as_root[@]}" apt-get update -qq &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "$@"
}
