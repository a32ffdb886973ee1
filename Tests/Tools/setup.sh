#!/usr/bin/env bash
# Install what the build needs beside the Swift toolchain, on Debian and Ubuntu: the C libraries' headers, pkg-config, and
# the C++ standard library's headers. With --browser: what the end-to-end tests of pages need instead (100 MB to fetch,
# about 40 s); with --valgrind: what counts instructions. Says nothing and touches no network when everything is there.
set -euo pipefail

browser=false
build=true
case ${1:-} in
    '') ;;
    --browser) browser=true build=false ;;
    --valgrind) build=false ;;
    *)
        echo "usage: setup.sh [--browser | --valgrind]" >&2
        exit 2
        ;;
esac

if "$build" && ! command -v swift >/dev/null; then
    echo "setup: no 'swift' in PATH; install Swift 6.3 from https://www.swift.org/install/linux/" >&2
    exit 3
fi

if "$browser"; then
    # As Tests/EndToEnd/browser.py looks for it.
    [ -n "${ACCRUE_BROWSER:-}" ] && exit 0
    for name in chromium-headless-shell chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null && exit 0
    done
fi

packages=(libpcre2-dev libvectorscan-dev libsimdjson-dev libzstd-dev zlib1g-dev libssl-dev libsqlite3-dev libmaxminddb-dev)

"$build" || packages=(valgrind)
"$browser" && packages=(chromium-headless-shell)

if ! command -v dpkg-query >/dev/null; then
    echo "setup: not a Debian system; needed is what these packages hold: ${packages[*]} (the build also: pkg-config g++)" >&2
    exit 0
fi

missing=()
for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
done
if "$build"; then
    command -v pkg-config >/dev/null || missing+=(pkg-config)
    command -v git >/dev/null || missing+=(git ca-certificates)
    compgen -G '/usr/include/c++/*/string' >/dev/null || missing+=(g++)
fi
[ ${#missing[@]} -eq 0 ] && exit 0

echo "setup: installing ${missing[*]}" >&2
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "setup: not root and no sudo; run as root: apt-get install --no-install-recommends ${missing[*]}" >&2
        exit 3
    fi
    as_root=(sudo)
fi
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@"; }

# A third party's broken package list must not stop us: what counts is whether the install finds its packages.
apt update || echo "setup: apt-get update had errors; going on" >&2
if ! apt install --yes --no-install-recommends "${missing[@]}" >/dev/null; then
    echo "setup: apt-get could not install ${missing[*]} (its own message stands above)" >&2
    exit 3
fi
