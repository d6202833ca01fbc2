#!/usr/bin/env bash
# Makes sure that the tests of scanned pages have Tesseract, with its English and Arabic models.
#
# Where it can't be had, the tests that run it are skipped; under CI=true that is an error instead.
# What is ours of recognising is tested without it. tests/test_scans.py looks in the same place.
set -euo pipefail

has_models() {
    command -v tesseract >/dev/null &&
        [ "$(tesseract --list-langs 2>/dev/null | grep -cx -e ara -e eng)" = 2 ]
}

has_models && exit 0

source "$(dirname "$0")/install_packages.sh"
install_packages "Tesseract for the tests of scanned pages" tesseract-ocr tesseract-ocr-eng tesseract-ocr-ara && exit 0

if [ "${CI:-}" = true ]; then
    echo "The tests of scanned pages need Tesseract, which is neither here nor to be installed." >&2
    exit 1
fi
echo "Tests that run Tesseract will be skipped: to run them, 'sudo apt-get install tesseract-ocr tesseract-ocr-ara'."
