//! Takes LIBTORCH (from the environment, or from the `.cargo/config.toml` that `make setup` writes), gives every binary, test
//! and bench of this package the run path of that library, so that they start with nothing exported. Refuses nothing: a
//! missing libtorch has been reported by torch-sys before.

use std::path::Path;

fn main() {
    println!("cargo:rerun-if-env-changed=LIBTORCH");
    println!("cargo:rerun-if-env-changed=LIBTORCH_LIB");
    let folder = std::env::var_os("LIBTORCH_LIB").or_else(|| std::env::var_os("LIBTORCH"));
    if let Some(folder) = folder {
        let lib = Path::new(&folder).join("lib");
        let lib = lib.canonicalize().unwrap_or(lib);
        println!("cargo:rustc-link-arg=-Wl,-rpath,{}", lib.display());
    }
}
