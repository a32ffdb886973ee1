#!/usr/bin/env bash
# Install the engines that `accrue bench` runs beside this program: a virtual environment in FOLDER/peers, from PyPI.
#
#     Tests/Performance/setup_peers.sh [FOLDER]     /tmp/accrue-bench by default, as `accrue bench --folder`
#
# One that has no wheel for this Python is told, and the others are installed. Says nothing when all are there.
set -euo pipefail

folder=${1:-/tmp/accrue-bench}
python=$folder/peers/bin/python
peers=(chdb==4.4.0 duckdb==2.0.1 polars==2.1.0)

if ! [ -x "$python" ]; then
    echo "setup_peers: making $folder/peers" >&2
    mkdir -p "$folder"
    if ! python3 -m venv "$folder/peers"; then
        echo "setup_peers: python3 cannot make a virtual environment (Debian: apt-get install python3-venv)" >&2
        exit 3
    fi
fi

# Whether the module is imported, and in the version that is wanted.
is_there() {
    "$python" -c "import $1, sys; sys.exit($1.__version__ != '$2')" >/dev/null 2>&1
}

missing=()
for peer in "${peers[@]}"; do
    name=${peer%%==*} version=${peer##*==}
    is_there "$name" "$version" && continue
    echo "setup_peers: installing $peer" >&2
    "$python" -m pip install --quiet --disable-pip-version-check --only-binary :all: "$peer" >&2 || true
    is_there "$name" "$version" || missing+=("$peer")
done
if [ ${#missing[@]} -gt 0 ]; then
    echo "setup_peers: not installed: ${missing[*]}; accrue bench goes on without (pip's own message stands above)" >&2
fi
