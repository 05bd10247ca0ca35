#!/bin/sh
# Finds the Chromium that the tests drive, and prints its path: the one that CHROMIUM names, else one on the PATH. Where there is
# none, and the user may install packages of Debian, Debian's is installed first, with one font. Exits 1, saying what is missing, when
# there is none in the end.
set -eu

say() { printf 'tests/external/browser: %s\n' "$*" >&2; }
works() { "$1" --version >/dev/null 2>&1; } # elsewhere than on Debian, chromium may be a mere hint at another way to install it
find_one() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        path=$(command -v "$name") && works "$path" && printf '%s\n' "$path" && return
    done
    return 1
}

if [ -n "${CHROMIUM:-}" ]; then
    works "$CHROMIUM" || { say "CHROMIUM names $CHROMIUM, which does not run: name a Chromium or Chrome, or unset it"; exit 1; }
    printf '%s\n' "$CHROMIUM"
    exit
fi
find_one && exit
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    say "installing Debian's chromium"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; } >&2 ||
        say "it could not be installed (see above)"
    find_one && exit
fi
say "Chromium is missing: install it (on Debian: apt-get install chromium fonts-dejavu-core), or let CHROMIUM name one"
exit 1
