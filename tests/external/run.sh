#!/bin/sh
# Checks rolecall against the tools that others use, through the command line. Every folder here that holds a requirements.txt holds
# the tests of one set of libraries, which lie in a virtual environment of their own below the user's cache folder, made once for
# each version of that file. A setup.sh beside it finds or installs what else they need.
# Takes the folders' names (all folders without one), then arguments for pytest. Needs cargo, and python3 (3.11 or newer) with venv
# and pip. Prints a closing line that counts the tests of all folders; exits 1 if one failed, or if something is missing.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
say() { printf 'tests/external: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

folders=
while [ $# -gt 0 ] && [ -f "$here/$1/requirements.txt" ]; do
    folders="$folders ${1%/}"
    shift
done
[ -n "$folders" ] || for file in "$here"/*/requirements.txt; do
    file=${file%/requirements.txt}
    folders="$folders ${file##*/}"
done

cache_home=${XDG_CACHE_HOME:-}
case "$cache_home" in /*) ;; *) cache_home=${HOME:?}/.cache ;; esac # the XDG rules: a relative path is ignored
cache=$cache_home/rolecall

part='' counts=''
clean() { rm -rf ${part:+"$part"} ${counts:+"$counts"}; }
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# ---- the libraries -----------------------------------------------------------------------------------------
# In a requirements.txt a line `# import NAMES` says what must load; what stands after a line that begins with `# build` is
# installed first, since libraries that come as source alone are built with it; `# incomplete` says that a library in it wants more
# than what is tested of it.
venv_of() { printf '%s/venv-external-%s\n' "$cache" "$(cksum < "$1" | cut -d ' ' -f 1)"; } # REQUIREMENTS
usable() { # VENV REQUIREMENTS
    [ -x "$1/bin/python" ] && "$1/bin/python" -c "$(sed -n 's/^# \(import .*\)/\1/p' "$2")" 2>/dev/null
}
pip() { "$part/bin/python" -m pip --quiet --disable-pip-version-check "$@" >&2; }

make_venv() { # VENV REQUIREMENTS: whatever happens, only the last move makes a folder that looks done
    command -v python3 >/dev/null 2>&1 || die "python3 is missing: install Python 3.11 or newer (on Debian: python3 python3-venv python3-pip)"
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || die "$(python3 --version) is too old: 3.11 or newer is needed"
    python3 -c 'import ensurepip, venv' 2>/dev/null || die "Python's venv or pip is missing: install them (on Debian: python3-venv python3-pip)"
    mkdir -p "$cache" 2>/dev/null && [ -w "$cache" ] || die "cannot write to $cache: set XDG_CACHE_HOME to a folder that can be written"
    find "$cache" -maxdepth 1 -name 'venv-external-*.part.*' -mtime +0 -exec rm -rf {} + # of runs that were killed
    part=$(mktemp -d "$1.part.XXXXXX")
    say "fetching the libraries of ${2#"$here/"} into $1, once for all clones"
    python3 -m venv "$part" || die "the virtual environment could not be made (see above)"
    sed -n '/^# build/,$p' "$2" > "$part/build.txt"
    { [ ! -s "$part/build.txt" ] || pip install --no-deps -r "$part/build.txt"; } &&
        pip install --no-deps --no-build-isolation -r "$2" ||
        die "the libraries could not be fetched (see above): check the network and pip's settings, then run this again"
    grep -q '^# incomplete' "$2" || pip check || die "$2 lacks what a library in it needs, or pins another version of it (see above)"
    usable "$part" "$2" || die "the libraries were fetched, but cannot be loaded by $(python3 --version)"
    usable "$1" "$2" || rm -rf "$1" # one that another run has made meanwhile may be in use
    python3 -c 'import os, sys; os.rename(*sys.argv[1:])' "$part" "$1" 2>/dev/null || usable "$1" "$2" || die "cannot write $1"
    rm -rf "$part"
    part=
}

for folder in $folders; do
    requirements=$here/$folder/requirements.txt venv=$(venv_of "$here/$folder/requirements.txt")
    usable "$venv" "$requirements" || make_venv "$venv" "$requirements"
    [ ! -x "$here/$folder/setup.sh" ] || "$here/$folder/setup.sh" >/dev/null || die "$folder can't be tested (see above)"
done

# ---- the tests ---------------------------------------------------------------------------------------------
command -v cargo >/dev/null 2>&1 || die "cargo is missing: install Rust (rustup)"
(cd "$root" && cargo build --quiet --bin rolecall)
target=${CARGO_TARGET_DIR:-target}
case "$target" in /*) ;; *) target=$root/$target ;; esac
counts=$(mktemp)
export ROLECALL="$target/debug/rolecall" ROLECALL_COUNTS="$counts" PYTHONDONTWRITEBYTECODE=1

status=0
for folder in $folders; do
    say "$folder"
    tests=0
    "$(venv_of "$here/$folder/requirements.txt")/bin/python" -m pytest -q -p no:cacheprovider "$here/$folder" "$@" || tests=$?
    case "$tests$#" in 0* | 5[1-9]*) ;; *) status=1 ;; esac # 5: no tests, as when the arguments choose some of another folder
done
# Where pytest itself gave up, no test may have failed: that counts as one.
awk -v status="$status" '{ passed += $1; failed += $2 } END { printf "%d passed, %d failed\n", passed, failed ? failed : status }' "$counts"
exit "$status"
