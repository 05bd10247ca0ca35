#!/bin/sh
# Tries .cargo/libtorch.sh on what can go right and wrong, without the network and within seconds: small stand-ins for
# the wheels, and a PATH that holds only what a case grants. Needs python3 with pip, and a C++ compiler.
# Prints a line a case and a closing line; exits 1 if a case failed.
# shellcheck disable=SC2016 # what stands in single quotes is for stubs and the loader to expand
set -eu

source=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bin=$work/bin clone="$work/a clone" cached=$work/home/.cache/rolecall/libtorch-2.4.1-x86_64
mkdir -p "$bin" "$clone/.cargo" "$work/libraries" "$work/wheels" "$work/home"
passed=0 failed=0

# ---- the machine that the script sees ----------------------------------------------------------------------
for tool in awk bash cat cksum cp cut df dirname du flock grep ldd ls mkdir mktemp mv rm sed sh sleep; do
    path=$(command -v $tool) && ln -s "$path" "$bin/$tool"
done
stub() { printf '#!/bin/sh\n%s\n' "$2" > "$bin/$1.new" && chmod +x "$bin/$1.new" && mv "$bin/$1.new" "$bin/$1"; } # NAME BODY
real_python=$(python3 -c 'import sys; print(sys.executable)')
machine() { # everything there, as on a fresh machine with Rust and a compiler
    stub cargo 'exit 0'
    stub python3 "exec '$real_python' \"\$@\""
    stub c++ "PATH='$PATH' exec '$(command -v c++)' \"\$@\""
    stub cc 'exit 0'
    stub uname '[ "$1" = -s ] && echo Linux || echo x86_64'
    rm -f "$bin/df" && ln -s "$(command -v df)" "$bin/df"
}
machine

library() { # OUTPUT SOURCE FLAG...: a shared library
    output=$1 code=$2
    shift 2
    printf '%s\n' "$code" | c++ -shared -fPIC -x c++ - -x none -o "$output" "$@"
}
error='#include <string>
namespace c10 { struct Error { Error(std::string); }; Error::Error(std::string) {} }'
library "$work/libraries/libc10.so" "$error" -D_GLIBCXX_USE_CXX11_ABI=0
library "$work/libc10-cxx11.so" "$error" -D_GLIBCXX_USE_CXX11_ABI=1
library "$work/libraries/libcupti.so.12" 'int cupti;' -Wl,-soname,libcupti.so.12
library "$work/libraries/libtorch_cpu.so" 'int torch;' -Wl,--no-as-needed "$work/libraries/libcupti.so.12" '-Wl,-rpath,$ORIGIN'
hashes=$("$real_python" "$source/tests/setup/wheels.py" "$work/libraries" "$work/wheels")

cp "$source/.cargo/libtorch.sh" "$work/untouched.sh"
printf '%s\n' "$hashes" | sed 's/\(.*\) \(.*\)/s,\\(\1==[^ ]* --hash=sha256:\\)[0-9a-f]*,\\1\2,/' > "$work/hashes.sed"
sed -f "$work/hashes.sed" "$work/untouched.sh" > "$clone/.cargo/libtorch.sh"
chmod +x "$clone/.cargo/libtorch.sh" "$work/untouched.sh"
config=$clone/.cargo/config.toml

# ---- how a case is tried -----------------------------------------------------------------------------------
alone() { # VAR=VALUE... COMMAND: in that environment, and no other
    env -i HOME="$work/home" PATH="$bin" PIP_CONFIG_FILE=/dev/null PIP_NO_INDEX=1 PIP_FIND_LINKS="$work/wheels" "$@" 2>&1
}
setup() { status=0 && said=$(alone "$@" "$clone/.cargo/libtorch.sh") || status=$?; } # VAR=VALUE...
fresh() { machine && rm -rf "${work:?}/home" "$config" && mkdir "$work/home"; }
verdict() { # NAME CONDITION...: counts the case
    name=$1
    shift
    if "$@"; then
        passed=$((passed + 1)) && echo "ok      $name"
    else
        failed=$((failed + 1)) && echo "FAILED  $name (exit $status)" && printf '%s\n' "$said" | sed 's/^/        /'
    fi
}
says() { [ "$status" = "$1" ] && case "$said" in *"$2"*) ;; *) false ;; esac; } # STATUS TEXT
silent() { [ "$status" = 0 ] && [ -z "$said" ]; }
chose() { [ "$status" = 0 ] && grep -qxF "LIBTORCH = \"$1\"" "$config" && grep -qxF "LIBTORCH_CXX11_ABI = \"$2\"" "$config"; } # FOLDER ABI
left_nothing() { [ "$status" != 0 ] && [ ! -e "$cached" ] && [ ! -e "$config" ]; }
refused() { says 1 "$1" && left_nothing; }

# ---- the download and the cache ----------------------------------------------------------------------------
setup
verdict 'a first run fetches into the cache and tells cargo' chose "$cached/torch" 0
verdict 'nothing but the folder and the lock stays in the cache' [ "$(ls "$work/home/.cache/rolecall")" = "libtorch-2.4.1-x86_64
lock" ]
setup PIP_FIND_LINKS=/nowhere
verdict 'a second run does nothing and says nothing' silent
rm "$config"
setup PIP_FIND_LINKS=/nowhere
verdict 'another clone takes what is in the cache' chose "$cached/torch" 0
: > "$cached/torch/lib/libtorch_cpu.so"
setup
verdict 'a library cut short is noticed and replaced' says 0 'is damaged and will be replaced'
rm "$cached/torch/include/ATen/ATen.h"
setup
verdict 'a lost header is noticed and replaced' says 0 'is damaged and will be replaced'
setup
verdict '… and then all is well' silent

fresh
setup XDG_CACHE_HOME="$work/a cache"
verdict 'XDG_CACHE_HOME is used, with a space in its name' chose "$work/a cache/rolecall/libtorch-2.4.1-x86_64/torch" 0
fresh
setup XDG_CACHE_HOME=relative
verdict 'a relative XDG_CACHE_HOME is ignored' chose "$cached/torch" 0

fresh
stub python3 "case \"\$*\" in *' download '*) sleep 1 ;; esac; exec '$real_python' \"\$@\""
mkdir -p "$work/other/.cargo" && cp "$clone/.cargo/libtorch.sh" "$work/other/.cargo/"
alone "$work/other/.cargo/libtorch.sh" > "$work/other.log" & other=$!
setup
wait $other || status=$?
said="$said
$(cat "$work/other.log")"
once() { [ "$status" = 0 ] && [ "$(printf '%s\n' "$said" | grep -c 'setup: downloading')" = 1 ] && [ -e "$work/other/.cargo/config.toml" ]; }
verdict 'of two runs at once one fetches and the other waits' once

fresh
stub python3 "case \"\$*\" in *' download '*) kill -9 \$PPID ;; *) exec '$real_python' \"\$@\" ;; esac"
setup
verdict 'a run killed while it downloads leaves nothing that looks done' left_nothing
machine
stub python3 "'$real_python' \"\$@\"; status=\$?; case \"\$*\" in '- '*part*) kill -9 \$PPID ;; esac; exit \$status"
setup
verdict 'a run killed after it unpacked leaves nothing that looks done' left_nothing
machine
setup
verdict '… and the next one goes on' chose "$cached/torch" 0
verdict '… and sweeps up' [ -z "$(find "$work/home" -name '*.part.*')" ]

fresh
mv "$clone/.cargo/libtorch.sh" "$work/edited.sh" && cp "$work/untouched.sh" "$clone/.cargo/libtorch.sh"
setup
verdict 'a wheel of another hash is refused' says 1 'DO NOT MATCH THE HASHES'
verdict '… and leaves nothing behind' left_nothing
mv "$work/edited.sh" "$clone/.cargo/libtorch.sh"

# ---- what a machine may lack -------------------------------------------------------------------------------
fresh && rm "$bin/cargo" && setup && verdict 'no cargo' refused 'cargo is missing'
fresh && rm "$bin/c++" && setup && verdict 'no C++ compiler' refused 'a C++ compiler is missing (c++)'
fresh && stub c++ 'exit 1' && setup && verdict 'a C++ compiler without its library' refused 'cannot compile C++17'
fresh && rm "$bin/python3" && setup && verdict 'no Python' refused 'python3 is missing'
fresh && stub python3 'exit 1' && setup && verdict 'no pip' refused 'pip is missing'
fresh && setup PIP_FIND_LINKS=/nowhere && verdict 'no network' refused 'the download failed'
fresh && setup XDG_CACHE_HOME=/dev/null/x && verdict 'a cache folder that cannot be made' refused 'cannot write to the cache folder'
fresh && rm "$bin/df" && stub df 'printf "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/a b 9 8 1024000 90%% /mnt/a b\n"'
setup && verdict 'too little disk' refused '2000 MB are needed below'
verdict '… with what is free' refused '1000 MB are free'
fresh && stub uname '[ "$1" = -s ] && echo Plan9 || echo pdp11' && setup && verdict 'an unknown platform' refused 'no libtorch is known for Plan9 pdp11'

# ---- a libtorch of the user's own --------------------------------------------------------------------------
fresh && setup # the cache is there, and should be passed over
own="$work/own torch"
cp -R "$cached/torch" "$own" && cp "$work/libc10-cxx11.so" "$own/lib/libc10.so"
setup LIBTORCH="$own" && verdict 'LIBTORCH wins over the cache, and its ABI is seen' chose "$own" 1
setup && verdict '… and is remembered' silent
rm "$config" && setup && verdict '… until the configuration is deleted' chose "$cached/torch" 0
setup LIBTORCH="$work" && verdict 'LIBTORCH without a libtorch' says 1 'cannot be used: it lacks lib/libtorch_cpu.so'
setup LIBTORCH=own && verdict 'a relative LIBTORCH' says 1 'is a relative path'
rm "$own/lib/libcupti.so.12" && setup LIBTORCH="$own" && verdict 'LIBTORCH that cannot be loaded' says 1 'libcupti.so.12 => not found'
sed -i 's/MINOR 4/MINOR 5/' "$own/include/torch/csrc/api/include/torch/version.h"
setup LIBTORCH="$own" && verdict 'LIBTORCH of another version' says 1 'it is libtorch 2.5.1, and 2.4 is needed'

site=$work/site
mkdir -p "$site/torch-2.4.1.dist-info" && cp -R "$cached/torch" "$site/" && : > "$site/torch/__init__.py"
printf 'Metadata-Version: 2.1\nName: torch\nVersion: 2.4.1+cpu\n' > "$site/torch-2.4.1.dist-info/METADATA"
setup PYTHONPATH="$site" && verdict 'an installed PyTorch 2.4 wins over the cache' chose "$site/torch" 0
rm "$site/torch/lib/libcupti.so.12" "$config" && setup PYTHONPATH="$site"
verdict 'one that cannot be loaded is passed over' says 0 "passed over: lib/libtorch_cpu.so cannot be loaded: libcupti.so.12"
setup PYTHONPATH="$site" && verdict '… and mentioned but once' silent
sed -i 's/2\.4\.1/2.5.0/' "$site/torch-2.4.1.dist-info/METADATA"
setup PYTHONPATH="$site" && verdict 'one of another version is passed over' chose "$cached/torch" 0

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
