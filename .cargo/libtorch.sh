#!/bin/sh
# Finds the libtorch 2.4 that rolecall is built against, or fetches it, and tells cargo where it lies.
#
# Takes:   LIBTORCH (a folder with include/ and lib/; remembered in this checkout once given), else an installed
#          PyTorch 2.4 that can be loaded, else the cache folder ${XDG_CACHE_HOME:-~/.cache}/rolecall/ that all clones
#          share, else a download through pip (812 MB on x86-64, 90 MB on aarch64).
# Gives:   .cargo/config.toml beside this script (not tracked), so that plain cargo needs nothing exported.
# Refuses: with one line and exit 1, when something is missing that it cannot provide.
#
# Linux x86-64 is tested. Of Linux aarch64 the download and the layout of its wheel are; nothing was built or run there.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
config=$here/config.toml
version=2.4.1
minor=2.4
headers=include/torch/csrc/api/include/torch

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# ---- what a usable libtorch is -----------------------------------------------------------------------------
fault_of() { # FOLDER: one line that says why it cannot be used; nothing if it can
    for file in lib/libtorch_cpu.so lib/libc10.so lib/libtorch.so include/ATen/ATen.h $headers/torch.h $headers/version.h; do
        [ -s "$1/$file" ] || { echo "it lacks $file"; return 0; }
    done
    found=$(version_of "$1")
    case "$found" in "$minor" | "$minor".*) ;; *) echo "it is libtorch $found, and $minor is needed"; return 0 ;; esac
    command -v ldd >/dev/null 2>&1 || return 0
    for file in lib/libtorch_cpu.so lib/libtorch_cuda.so; do
        [ -e "$1/$file" ] || continue
        needs=$(ldd "$1/$file" 2>&1) || { echo "$file is damaged or of another platform"; return 0; }
        needs=$(printf '%s\n' "$needs" | sed -n '/not found/ { s/^[[:space:]]*//; p; q; }')
        [ -z "$needs" ] || { echo "$file cannot be loaded: $needs"; return 0; }
    done
}

version_of() { awk '/^#define TORCH_VERSION_(MAJOR|MINOR|PATCH) / { printf "%s%s", dot, $3; dot = "." }' "$1/$headers/version.h"; }

# 1 if the library was built with the C++11 ABI of std::string (the archives of the libtorch project), else 0 (the wheels).
cxx11_abi() {
    if LC_ALL=C grep -aq '_ZN3c105ErrorC2E[[:alnum:]_]*__cxx1112basic_string' "$1/lib/libc10.so"; then echo 1; else echo 0; fi
}

# The folder of an installed PyTorch of the right version, or nothing. The package is not imported: that takes seconds.
installed_pytorch() {
    command -v python3 >/dev/null 2>&1 || return 0
    python3 - "$minor" 2>/dev/null <<'PY' || true
import importlib.metadata, importlib.util, pathlib, sys
spec = importlib.util.find_spec("torch")
if spec and spec.origin and importlib.metadata.version("torch").startswith(sys.argv[1] + "."):
    print(pathlib.Path(spec.origin).parent.resolve())
PY
}

# A fetched folder holds a check of the names and sizes of its files: a file that was lost or cut short since is noticed.
# shellcheck disable=SC2012 # the names are the wheels' own
listing_of() { (cd "$1" && LC_ALL=C ls -lnR torch torch.libs 2>/dev/null | awk '/^-/ { print $5, $9 }' | cksum); }
intact() { [ -e "$1/complete" ] && [ "$(cat "$1/complete")" = "$(listing_of "$1")" ]; }

# ---- the download ------------------------------------------------------------------------------------------
fetch() { # TARGET: the folder to make
    case "$(uname -s)-$(uname -m)" in
    Linux-x86_64)
        platform=manylinux1_x86_64 need_mb=2000 size_mb=812
        wheels="torch==$version --hash=sha256:0b5f88afdfa05a335d80351e3cea57d38e578c8689f751d35e0ff36bce872113
nvidia-cuda-cupti-cu12==12.1.105 --hash=sha256:e54fde3983165c624cb79254ae9818a456eb6e87a7fd4d56a2352c24ee542d7e
nvidia-cuda-runtime-cu12==12.1.105 --hash=sha256:6e258468ddf5796e25f1dc591a31029fa317d97a0a94ed93468fc86301d61e40" ;;
    Linux-aarch64)
        say "building on Linux aarch64 is untested"
        platform=manylinux2014_aarch64 need_mb=600 size_mb=90
        wheels="torch==$version --hash=sha256:ef503165f2341942bfdf2bd520152f19540d0c0e34961232f134dc59ad435be8" ;;
    *) die "no libtorch is known for $(uname -s) $(uname -m): install libtorch $minor and set LIBTORCH to its folder" ;;
    esac
    command -v python3 >/dev/null 2>&1 || die "python3 is missing: install it with pip, or set LIBTORCH to a libtorch $minor folder"
    python3 -m pip --version >/dev/null 2>&1 || die "pip is missing (python3 -m pip): install it, or set LIBTORCH to a libtorch $minor folder"
    cache=$(dirname "$1")
    mkdir -p "$cache" 2>/dev/null && [ -w "$cache" ] || die "cannot write to the cache folder $cache: set XDG_CACHE_HOME to one that can be written"

    # One run fetches and the others wait. What holds the lock may sweep up after runs that were killed.
    exec 9>"$cache/lock"
    if command -v flock >/dev/null 2>&1 && { flock -n 9 || { say "another run is fetching libtorch: waiting for it"; flock 9; }; }; then
        ! intact "$1" || return 0
        rm -rf "$1".part.*
    fi
    free_mb=$(df -Pk "$cache" | sed -n '2s/.* \([0-9][0-9]*\)  *[0-9]*% .*/\1/p')
    free_mb=$((${free_mb:-999999999} / 1024))
    [ "$free_mb" -ge "$need_mb" ] ||
        die "too little disk: $need_mb MB are needed below $cache, $free_mb MB are free; set XDG_CACHE_HOME to a larger disk"

    # Whatever happens below, only the last move makes a folder that looks done.
    part=$(mktemp -d "$1.part.XXXXXX")
    trap 'rm -rf "$part"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    [ ! -e "$1" ] || say "$1 is damaged and will be replaced"
    say "downloading libtorch $version ($size_mb MB) into $cache, once for all clones"
    printf '%s\n' "$wheels" > "$part/wheels.txt"
    if [ -t 2 ]; then bar=on; else bar=off; report_size 9>&- & fi
    TMPDIR=$part python3 -m pip --disable-pip-version-check download --no-cache-dir --no-deps --require-hashes --only-binary=:all: \
        --python-version 3.11 --implementation cp --abi cp311 --abi none --platform "$platform" \
        --progress-bar "$bar" -d "$part/wheels" -r "$part/wheels.txt" >&2 ||
        die "the download failed (see above): check the network and pip's settings, then run make setup again"
    say "unpacking"
    python3 - "$part" <<'PY' || die "unpacking failed (see above)"
import pathlib, shutil, sys, zipfile
part = pathlib.Path(sys.argv[1])
wanted = ("torch/include/", "torch/lib/libtorch_cpu.so", "torch/lib/libc10.so", "torch/lib/libgomp", "torch.libs/")
for wheel in sorted((part / "wheels").iterdir()):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            cuda = name.startswith("nvidia/") and name.rsplit("/", 1)[-1] in ("libcupti.so.12", "libcudart.so.12")
            if name.endswith("/") or not (cuda or name.startswith(wanted)):
                continue
            target = part / "root" / ("torch/lib/" + name.rsplit("/", 1)[-1] if cuda else name)
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as source, open(target, "wb") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
# The wheel's libtorch.so pulls in the CUDA library, which is left out here: the linker is sent to the CPU one.
(part / "root/torch/lib/libtorch.so").write_text("INPUT(libtorch_cpu.so)\n")
PY
    fault=$(fault_of "$part/root/torch")
    [ -z "$fault" ] || die "the libtorch of the wheels cannot be used here: $fault"
    listing_of "$part/root" > "$part/root/complete"
    [ ! -e "$1" ] || mv -T "$1" "$part/damaged"
    mv -T "$part/root" "$1" || intact "$1" || die "cannot write $1"
    rm -rf "$part"
    trap - EXIT INT TERM HUP
}

report_size() { # a line for every 100 MB, where there is no terminal for pip's bar
    next=100
    while sleep 2 && kill -0 $$ 2>/dev/null && [ -d "$part" ] && [ ! -d "$part/root" ]; do
        mb=$(du -sm "$part" 2>/dev/null | cut -f1)
        if [ "${mb:-0}" -ge "$next" ] && [ "$mb" -lt "$size_mb" ]; then say "$mb of $size_mb MB"; next=$((mb + 100)); fi
    done
}

# ---- the order of preference -------------------------------------------------------------------------------
command -v cargo >/dev/null 2>&1 || die "cargo is missing: install Rust (rustup), then run make setup again"
compiler=${CXX:-c++}
for tool in cc "${compiler%% *}"; do
    command -v "$tool" >/dev/null 2>&1 || die "a C++ compiler is missing ($tool): install g++ or clang, then run make setup again"
done
# shellcheck disable=SC2086 # CXX may hold arguments
[ -e "$config" ] || echo '#include <string>' | $compiler -std=c++17 -fsyntax-only -x c++ - 2>/dev/null ||
    die "the C++ compiler ($compiler) cannot compile C++17: install g++ or clang with its standard library, then run make setup again"

cache_home=${XDG_CACHE_HOME:-}
case "$cache_home" in /*) ;; *) cache_home=${HOME:?}/.cache ;; esac # the XDG rules: a relative path is ignored
cached=$cache_home/rolecall/libtorch-$version-$(uname -m)
remembered=$(sed -n '/^# From LIBTORCH/,$ s/^LIBTORCH = "\(.*\)"$/\1/p' "$config" 2>/dev/null || true)
note=
if [ -n "${LIBTORCH:-}" ]; then
    case "$LIBTORCH" in /*) ;; *) die "LIBTORCH=$LIBTORCH is a relative path: cargo needs an absolute one" ;; esac
    fault=$(fault_of "$LIBTORCH")
    [ -z "$fault" ] || die "LIBTORCH=$LIBTORCH cannot be used: $fault"
    libtorch=$LIBTORCH from=LIBTORCH
elif [ -n "$remembered" ] && [ -z "$(fault_of "$remembered")" ]; then
    libtorch=$remembered from=LIBTORCH
else
    libtorch=$(installed_pytorch) from="the installed PyTorch"
    if [ -n "$libtorch" ] && fault=$(fault_of "$libtorch") && [ -n "$fault" ]; then
        note="the PyTorch in $libtorch is passed over: $fault" libtorch=
    fi
    [ -n "$libtorch" ] || { intact "$cached" || fetch "$cached"; libtorch=$cached/torch from="the cache"; }
fi

quoted=$(printf '%s' "$libtorch" | sed 's/[\\"]/\\&/g')
wanted=$(cat <<TOML
# Written by make setup; not tracked. An exported LIBTORCH wins over it.
# From $from (delete this file to choose anew).
[env]
LIBTORCH = "$quoted"
LIBTORCH_CXX11_ABI = "$(cxx11_abi "$libtorch")"
LIBTORCH_BYPASS_VERSION_CHECK = "1"

[build]
rustdocflags = ["-C", "link-arg=-Wl,-rpath,$quoted/lib"]
TOML
)
if [ ! -e "$config" ] || [ "$(cat "$config")" != "$wanted" ]; then
    [ -z "$note" ] || say "$note"
    printf '%s\n' "$wanted" > "$config.new" && mv "$config.new" "$config"
    say "libtorch $(version_of "$libtorch") from $from: $libtorch"
fi
