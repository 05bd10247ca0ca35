#!/bin/sh
# Finds the libtorch 2.4 that rolecall is built against, or fetches it, and tells cargo where it lies.
#
# Takes:   LIBTORCH (a folder with include/ and lib/), else an installed PyTorch 2.4, else the cache folder
#          ${XDG_CACHE_HOME:-~/.cache}/rolecall/ that all clones share, else a download from the Python
#          package registry that pip is set up for (812 MB on x86-64, 90 MB on aarch64).
# Gives:   .cargo/config.toml beside this script (not tracked), so that plain cargo needs nothing exported.
# Refuses: with one line and exit 1, when something is missing that it cannot provide.
#
# Linux x86-64 is tested. Linux aarch64 is written from the layout of its wheel and has not been run.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
version=2.4.1
minor=2.4

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# ---- what a usable libtorch is -----------------------------------------------------------------------------
usable() { [ -e "$1/lib/libtorch_cpu.so" ] && [ -e "$1/lib/libc10.so" ] && [ -e "$1/include/ATen/ATen.h" ]; }

version_of() {
    header=$1/include/torch/csrc/api/include/torch/version.h
    [ -e "$header" ] || return 0
    sed -n 's/^#define TORCH_VERSION_\(MAJOR\|MINOR\|PATCH\) \([0-9]*\)$/\2/p' "$header" | paste -sd .
}

# 1 if the library was built with the C++11 ABI of std::string (the archives of the libtorch project), else 0 (the wheels).
cxx11_abi() {
    if grep -aq '_ZN3c105ErrorC2E[[:alnum:]_]*__cxx1112basic_string' "$1/lib/libc10.so"; then echo 1; else echo 0; fi
}

# The folder of an installed PyTorch of the right version, or nothing. The package is not imported: that takes seconds.
installed_pytorch() {
    command -v python3 >/dev/null 2>&1 || return 0
    python3 - "$minor" 2>/dev/null <<'PY' || true
import importlib.metadata, importlib.util, pathlib, sys
spec = importlib.util.find_spec("torch")
if spec and spec.origin and importlib.metadata.version("torch").startswith(sys.argv[1] + "."):
    print(pathlib.Path(spec.origin).parent)
PY
}

# ---- the download ------------------------------------------------------------------------------------------
fetch() { # TARGET: the folder to make
    case "$(uname -s)-$(uname -m)" in
    Linux-x86_64)
        platform=manylinux1_x86_64 need_mb=2000 size='812 MB'
        wheels="torch==$version --hash=sha256:0b5f88afdfa05a335d80351e3cea57d38e578c8689f751d35e0ff36bce872113
nvidia-cuda-cupti-cu12==12.1.105 --hash=sha256:e54fde3983165c624cb79254ae9818a456eb6e87a7fd4d56a2352c24ee542d7e
nvidia-cuda-runtime-cu12==12.1.105 --hash=sha256:6e258468ddf5796e25f1dc591a31029fa317d97a0a94ed93468fc86301d61e40" ;;
    Linux-aarch64)
        say "Linux aarch64 is written from the facts known of it, and untested"
        platform=manylinux2014_aarch64 need_mb=600 size='90 MB'
        wheels="torch==$version --hash=sha256:ef503165f2341942bfdf2bd520152f19540d0c0e34961232f134dc59ad435be8" ;;
    *) die "no libtorch is known for $(uname -s) $(uname -m): install libtorch $minor and set LIBTORCH to its folder" ;;
    esac
    command -v python3 >/dev/null 2>&1 || die "python3 is missing: install it with pip, or set LIBTORCH to a libtorch $minor folder"
    python3 -m pip --version >/dev/null 2>&1 || die "pip is missing (python3 -m pip): install it, or set LIBTORCH to a libtorch $minor folder"
    mkdir -p "$(dirname "$1")" 2>/dev/null || die "cannot make the cache folder $(dirname "$1"): set XDG_CACHE_HOME to one that can be written"
    free_mb=$(df -Pm "$(dirname "$1")" | awk 'NR == 2 { print $4 }')
    [ "$free_mb" -ge "$need_mb" ] ||
        die "too little disk: $need_mb MB are needed below $(dirname "$1"), $free_mb MB are free; set XDG_CACHE_HOME to a larger disk"

    # Whatever happens below, only the last line makes a folder that looks done.
    part=$(mktemp -d "$1.part.XXXXXX")
    trap 'rm -rf "$part"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    say "downloading libtorch $version ($size) into $(dirname "$1"), once for all clones"
    printf '%s\n' "$wheels" > "$part/wheels.txt"
    [ -t 2 ] && bar=on || bar=off
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
    usable "$part/root/torch" || die "the downloaded wheels do not hold what was expected"
    mv -T "$part/root" "$1" 2>/dev/null || usable "$1/torch" || die "cannot write $1"
    rm -rf "$part"
    trap - EXIT INT TERM HUP
}

# ---- the order of preference -------------------------------------------------------------------------------
command -v cargo >/dev/null 2>&1 || die "cargo is missing: install Rust (rustup), then run make setup again"
compiler=${CXX:-c++}
command -v "${compiler%% *}" >/dev/null 2>&1 || die "a C++ compiler is missing ($compiler): install g++ or clang, then run make setup again"

cached=${XDG_CACHE_HOME:-${HOME:?}/.cache}/rolecall/libtorch-$version-$(uname -m)
python_torch=
if [ -n "${LIBTORCH:-}" ]; then
    usable "$LIBTORCH" || die "LIBTORCH=$LIBTORCH holds no libtorch: include/ATen and lib/libtorch_cpu.so are expected below it"
    libtorch=$(CDPATH='' cd -- "$LIBTORCH" && pwd) from="LIBTORCH"
elif python_torch=$(installed_pytorch) && [ -n "$python_torch" ] && usable "$python_torch"; then
    libtorch=$python_torch from="the installed PyTorch"
else
    usable "$cached/torch" || fetch "$cached"
    libtorch=$cached/torch from="the cache"
fi
found=$(version_of "$libtorch")
case "$found" in
"" | "$minor" | "$minor".*) ;;
*) die "$libtorch is libtorch $found: rolecall needs $minor" ;;
esac

config=$here/config.toml
wanted=$(cat <<TOML
# Written by make setup; not tracked. An exported LIBTORCH wins over it.
[env]
LIBTORCH = "$libtorch"
LIBTORCH_CXX11_ABI = "${LIBTORCH_CXX11_ABI:-$(cxx11_abi "$libtorch")}"
LIBTORCH_BYPASS_VERSION_CHECK = "1"

[build]
rustdocflags = ["-C", "link-arg=-Wl,-rpath,$libtorch/lib"]
TOML
)
if [ ! -e "$config" ] || [ "$(cat "$config")" != "$wanted" ]; then
    printf '%s\n' "$wanted" > "$config.new" && mv "$config.new" "$config"
    say "libtorch${found:+ $found} from $from: $libtorch"
fi
