//! Compiles the shim over OpenCC's C++ library and links it, when
//! `OPENCC_PREFIX` names the folder OpenCC was installed into; without it the
//! comparison is built without OpenCC, and says so when it runs.

use std::env;
use std::path::Path;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(opencc)");
    println!("cargo::rerun-if-env-changed=OPENCC_PREFIX");
    println!("cargo::rerun-if-changed=src/opencc.cpp");
    let Some(prefix) = env::var_os("OPENCC_PREFIX") else {
        return;
    };
    let prefix = Path::new(&prefix);
    let library = prefix.join("lib");
    cc::Build::new()
        .cpp(true)
        .std("c++17")
        .file("src/opencc.cpp")
        .include(prefix.join("include/opencc"))
        .compile("opencc_shim");
    println!("cargo::rustc-link-search=native={}", library.display());
    println!("cargo::rustc-link-lib=static=opencc");
    println!("cargo::rustc-link-lib=static=marisa");
    println!("cargo::rustc-link-lib=dl");
    println!("cargo::rustc-cfg=opencc");
    println!(
        "cargo::rustc-env=OPENCC_CONFIGS={}",
        prefix.join("share/opencc").display()
    );
    let package = library.join("pkgconfig/opencc.pc");
    println!("cargo::rerun-if-changed={}", package.display());
    let package = std::fs::read_to_string(&package)
        .unwrap_or_else(|error| panic!("{}: {error}", package.display()));
    let version = package
        .lines()
        .find_map(|line| line.strip_prefix("Version: "))
        .expect("pkg-config files state a version");
    println!("cargo::rustc-env=OPENCC_VERSION={version}");
}
