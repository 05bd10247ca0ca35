#!/bin/sh
# Checks `rolecall evaluate` against seqeval and nervaluate themselves, through the command line. The libraries lie in a virtual
# environment below the user's cache folder, made once for each version of requirements.txt.
# Needs cargo, and python3 (3.11 or newer) with venv and pip. Prints a closing line; exits 1 if a test failed. Arguments go to pytest.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
say() { printf 'tests/external: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

cache_home=${XDG_CACHE_HOME:-}
case "$cache_home" in /*) ;; *) cache_home=${HOME:?}/.cache ;; esac # the XDG rules: a relative path is ignored
venv=$cache_home/rolecall/venv-external-$(cksum < "$here/requirements.txt" | cut -d ' ' -f 1)

# ---- the libraries -----------------------------------------------------------------------------------------
usable() { [ -x "$1/bin/python" ] && "$1/bin/python" -c 'import nervaluate, pytest, seqeval' 2>/dev/null; }

make_venv() { # whatever happens, only the last move makes a folder that looks done
    command -v python3 >/dev/null 2>&1 || die "python3 is missing: install Python 3.11 or newer (on Debian: python3 python3-venv python3-pip)"
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || die "$(python3 --version) is too old: 3.11 or newer is needed"
    python3 -c 'import ensurepip, venv' 2>/dev/null || die "Python's venv or pip is missing: install them (on Debian: python3-venv python3-pip)"
    mkdir -p "${venv%/*}" 2>/dev/null && [ -w "${venv%/*}" ] || die "cannot write to ${venv%/*}: set XDG_CACHE_HOME to a folder that can be written"
    find "${venv%/*}" -maxdepth 1 -name 'venv-external-*.part.*' -mtime +0 -exec rm -rf {} + # of runs that were killed
    part=$(mktemp -d "$venv.part.XXXXXX")
    trap 'rm -rf "$part"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    say "fetching the libraries into $venv, once for all clones"
    python3 -m venv "$part" || die "the virtual environment could not be made (see above)"
    pip() { "$part/bin/python" -m pip --quiet --disable-pip-version-check install --no-deps "$@" >&2; }
    # First what builds seqeval, so that it is pinned too.
    sed -n '/^# build/,$p' "$here/requirements.txt" > "$part/build.txt"
    sed -n '/^packaging==/p' "$here/requirements.txt" >> "$part/build.txt"
    pip -r "$part/build.txt" && pip --no-build-isolation -r "$here/requirements.txt" ||
        die "the libraries could not be fetched (see above): check the network and pip's settings, then run this again"
    usable "$part" || die "the libraries were fetched, but cannot be loaded by $(python3 --version)"
    usable "$venv" || rm -rf "$venv" # one that another run has made meanwhile may be in use
    python3 -c 'import os, sys; os.rename(*sys.argv[1:])' "$part" "$venv" 2>/dev/null || usable "$venv" || die "cannot write $venv"
    rm -rf "$part"
    trap - EXIT INT TERM HUP
}

usable "$venv" || make_venv

# ---- the tests ---------------------------------------------------------------------------------------------
command -v cargo >/dev/null 2>&1 || die "cargo is missing: install Rust (rustup)"
(cd "$root" && cargo build --quiet --bin rolecall)
target=${CARGO_TARGET_DIR:-target}
case "$target" in /*) ;; *) target=$root/$target ;; esac
export ROLECALL="$target/debug/rolecall" PYTHONDONTWRITEBYTECODE=1
exec "$venv/bin/python" -m pytest -q -p no:cacheprovider "$here" "$@"
