//! The packages that are installed in an environment, by the names of their metadata folders: `<name>-<version>.dist-info`
//! in `site-packages` (packaging.python.org, "Recording installed projects"). Nothing in them is read, nothing is run.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use pep440_rs::Version;

use super::requirement::normalized;

/// The packages and their versions; `None` where `python`, an interpreter or an environment's folder, has no
/// `site-packages`. `list` gives the names in a folder.
pub fn installed(python: &Path, list: &dyn Fn(&Path) -> Vec<String>) -> Option<Vec<(String, Version)>> {
    let is_interpreter = python.file_name().is_some_and(|name| name.to_string_lossy().starts_with("python"));
    let of_interpreter = python.ancestors().nth(2).filter(|_| is_interpreter);
    let folders = site_packages(of_interpreter.unwrap_or(python), list);
    let names: Vec<String> = folders.iter().flat_map(|folder| list(folder)).collect();
    (!names.is_empty()).then(|| names.iter().filter_map(|name| package(name)).collect())
}

/// `lib/python3.12/site-packages`, on Windows `Lib/site-packages`.
fn site_packages(environment: &Path, list: &dyn Fn(&Path) -> Vec<String>) -> Vec<PathBuf> {
    let lib = environment.join("lib");
    let versions = list(&lib).into_iter().filter(|name| name.starts_with("python3"));
    let mut folders: Vec<PathBuf> = versions.map(|name| lib.join(name).join("site-packages")).collect();
    folders.push(environment.join("Lib").join("site-packages"));
    folders
}

fn package(folder: &str) -> Option<(String, Version)> {
    let (name, version) = folder.strip_suffix(".dist-info")?.rsplit_once('-')?;
    Some((normalized(name), Version::from_str(version).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths::slashed;

    fn list(folder: &Path) -> Vec<String> {
        let names: &[&str] = match slashed(folder).as_str() {
            "/p/.venv/lib" => &["libx.so", "python3.12"],
            "/p/.venv/lib/python3.12/site-packages" => {
                &["pytest", "pytest-9.2.0.dist-info", "pytest_xdist-3.8.0.dist-info", "odd.dist-info"]
            }
            "/w/Lib/site-packages" => &["pytest_retry-1.7.0.dist-info"],
            _ => &[],
        };
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn said(python: &str) -> Option<Vec<String>> {
        let packages = installed(Path::new(python), &list)?;
        Some(packages.iter().map(|(name, version)| format!("{name} {version}")).collect())
    }

    #[test]
    fn an_environment_is_known_by_its_folder_or_its_interpreter() {
        let both = Some(vec!["pytest 9.2.0".to_owned(), "pytest-xdist 3.8.0".to_owned()]);
        assert_eq!(said("/p/.venv"), both);
        assert_eq!(said("/p/.venv/bin/python3"), both);
        assert_eq!(said("/w"), Some(vec!["pytest-retry 1.7.0".to_owned()]));
        assert_eq!(said("/p"), None);
    }
}
