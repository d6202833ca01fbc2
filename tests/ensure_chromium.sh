#!/usr/bin/env bash
# Makes sure that the browser tests have a Chromium, and a font with Arabic letters.
#
# Where none can be had, the browser tests are skipped; under CI=true that is an
# error instead, so that a green run always includes them. tests/browser.py looks
# for the browser in the same places.
set -euo pipefail

if [ -n "${CHROMIUM:-}" ]; then
    command -v "$CHROMIUM" >/dev/null && exit 0
    echo "CHROMIUM is set to $CHROMIUM, which is not a program." >&2
    exit 1
fi

here() {
    command -v "$1" >/dev/null
}

# The shell without a window takes a sixth less time; not every distribution has it.
here chromium-headless-shell && exit 0
source "$(dirname "$0")/install_packages.sh"
for package in chromium-headless-shell chromium; do
    install_packages "Chromium for the browser tests" "$package" fonts-hosny-amiri && exit 0
    for name in chromium chromium-browser google-chrome; do
        here "$name" && exit 0
    done
done

if [ "${CI:-}" = true ]; then
    echo "The browser tests need Chromium, which is neither here nor to be installed." >&2
    exit 1
fi
echo "The browser tests will be skipped: to run them, 'sudo apt-get install chromium' or set CHROMIUM to a Chromium's path."
