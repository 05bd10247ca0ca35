#!/usr/bin/env bash
# Every commit that changes corpus/figures says why, on a line of its message that begins with 'Figures:'.
# Takes the history of the checkout; refuses, with exit code 1, by naming the commits that do not. Where there is no history, there
# is nothing to check; the oldest commit of a shallow clone, which seems to change everything, is passed over.
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! git rev-parse --git-dir > /dev/null 2>&1; then
    echo 'no history here: the commits that change corpus/figures are not checked'
    exit 0
fi
shallow=$(git rev-parse --is-shallow-repository)
silent=0
for commit in $(git log --format=%H -- corpus/figures); do
    if [[ $shallow == true ]] && ! git rev-parse --quiet --verify "$commit^" > /dev/null; then
        continue
    fi
    if ! git log -1 --format=%B "$commit" | grep -q '^Figures: .'; then
        git log -1 --format='%h "%s" changes corpus/figures and does not say why: add a line "Figures: ..." to its message' "$commit"
        silent=1
    fi
done
exit $silent
