//! Gives the binary the identity of what it is built from: what one build kept in the cache, another must not believe,
//! also where both have one version.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use xxhash_rust::xxh3::Xxh3;

/// Everything that decides what the engine says.
const SOURCES: [&str; 5] =
    ["src", "Cargo.toml", "../analysis/src", "../analysis/Cargo.toml", "../../Cargo.lock"];

fn main() -> io::Result<()> {
    let mut hash = Xxh3::new();
    for source in SOURCES {
        println!("cargo:rerun-if-changed={source}");
        add(Path::new(source), &mut hash)?;
    }
    // Another target, or checks for overflow, may take another way.
    for name in ["TARGET", "PROFILE"] {
        hash.update(env::var(name).unwrap_or_default().as_bytes());
    }
    println!("cargo:rustc-env=FLAKELESS_BUILD={:032x}", hash.digest128());
    Ok(())
}

fn add(path: &Path, hash: &mut Xxh3) -> io::Result<()> {
    if path.is_dir() {
        let mut below =
            fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>()?;
        below.sort();
        return below.iter().try_for_each(|path| add(path, hash));
    }
    // A package that is built by itself has no lock file.
    if path.exists() {
        let bytes = fs::read(path)?;
        hash.update(path.as_os_str().as_encoded_bytes());
        hash.update(&bytes.len().to_le_bytes());
        hash.update(&bytes);
    }
    Ok(())
}
