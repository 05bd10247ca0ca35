"""Takes a folder of small libraries and a target folder; gives stand-ins for the three wheels that .cargo/libtorch.sh
fetches on x86-64: same names, same layout, a few kilobytes. Prints `NAME SHA256` a line."""

import hashlib
import pathlib
import sys
import zipfile

libraries, target = map(pathlib.Path, sys.argv[1:])
api = "torch/include/torch/csrc/api/include/torch/"
version = "#define TORCH_VERSION_MAJOR 2\n#define TORCH_VERSION_MINOR 4\n#define TORCH_VERSION_PATCH 1\n"
wheels = {
    ("torch", "2.4.1", "cp311-cp311-manylinux1_x86_64"): {
        "torch/__init__.py": "",
        "torch/lib/libtorch_cpu.so": libraries / "libtorch_cpu.so",
        "torch/lib/libc10.so": libraries / "libc10.so",
        "torch/lib/libtorch.so": "stands for the library that needs CUDA",
        "torch/include/ATen/ATen.h": "//\n",
        api + "torch.h": "//\n",
        api + "version.h": version,
    },
    ("nvidia_cuda_cupti_cu12", "12.1.105", "py3-none-manylinux1_x86_64"): {
        "nvidia/cuda_cupti/lib/libcupti.so.12": libraries / "libcupti.so.12",
    },
    ("nvidia_cuda_runtime_cu12", "12.1.105", "py3-none-manylinux1_x86_64"): {
        "nvidia/cuda_runtime/lib/libcudart.so.12": libraries / "libcupti.so.12",
    },
}
for (name, release, tag), files in wheels.items():
    info = f"{name}-{release}.dist-info/"
    files[info + "METADATA"] = f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: {release}\n"
    files[info + "WHEEL"] = f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: {tag}\n"
    files[info + "RECORD"] = ""
    path = target / f"{name}-{release}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for inside, content in files.items():
            wheel.writestr(inside, content if isinstance(content, str) else content.read_bytes())
    print(name.replace("_", "-"), hashlib.sha256(path.read_bytes()).hexdigest())
