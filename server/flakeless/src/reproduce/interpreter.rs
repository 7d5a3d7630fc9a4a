//! Which Python runs the project's tests.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// An interpreter, and what led to it, as the end of "found by".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Interpreter {
    pub(crate) path: PathBuf,
    pub(crate) by: String,
}

/// Where a person's choice leads nowhere, or nobody chose and nothing is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    Chosen(PathBuf),
    Everywhere,
}

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Missing::Chosen(path) => {
                write!(f, "{}: no Python interpreter, and no environment that holds one", path.display())
            }
            Missing::Everywhere => f.write_str(
                "found no Python interpreter: name one with `--python`, or activate the project's environment",
            ),
        }
    }
}

/// The interpreter for the project at `root`: the chosen one (a program or an environment), that of VIRTUAL_ENV, `.venv`,
/// `venv`, uv, poetry, conda, and at last the one on the PATH. `variable` gives environment variables.
pub(crate) fn find(
    chosen: Option<&Path>,
    root: &Path,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<Interpreter, Missing> {
    if let Some(chosen) = chosen {
        let by = "`--python`".to_owned();
        let path = if chosen.is_dir() { in_environment(chosen) } else { on_path(chosen, &variable) };
        return path.map(|path| Interpreter { path, by }).ok_or_else(|| Missing::Chosen(chosen.to_owned()));
    }
    let named = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let places = [
        (named("VIRTUAL_ENV"), "VIRTUAL_ENV"),
        (Some(root.join(".venv")), "`.venv`"),
        (Some(root.join("venv")), "`venv`"),
        (named("UV_PROJECT_ENVIRONMENT").map(|folder| root.join(folder)), "UV_PROJECT_ENVIRONMENT of uv"),
    ];
    let found = places
        .into_iter()
        .find_map(|(folder, by)| Some((in_environment(&folder?)?, by.to_owned())))
        .or_else(|| Some((of_poetry(root)?, "poetry".to_owned())))
        .or_else(|| Some((in_environment(&named("CONDA_PREFIX")?)?, "CONDA_PREFIX of conda".to_owned())))
        .or_else(|| {
            let on_path = |name: &str| Some((on_path(Path::new(name), &variable)?, "PATH".to_owned()));
            on_path("python3").or_else(|| on_path("python"))
        });
    found.map(|(path, by)| Interpreter { path, by }).ok_or(Missing::Everywhere)
}

/// The interpreter of a virtual or conda environment. Its link is not followed: Python knows by it where it is.
fn in_environment(folder: &Path) -> Option<PathBuf> {
    ["bin/python", "Scripts/python.exe", "python.exe"]
        .iter()
        .map(|program| folder.join(program))
        .find(|program| program.is_file())
}

fn on_path(program: &Path, variable: &impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    if program.components().count() > 1 {
        return program.is_file().then(|| std::path::absolute(program).ok()).flatten();
    }
    let path = variable("PATH")?;
    let endings = ["", std::env::consts::EXE_SUFFIX];
    std::env::split_paths(&path)
        .flat_map(|folder| endings.map(|ending| folder.join(format!("{}{ending}", program.display()))))
        .find(|candidate| candidate.is_file())
}

/// Poetry keeps environments in a folder of its own and tells which belongs to a project.
fn of_poetry(root: &Path) -> Option<PathBuf> {
    root.join("poetry.lock").is_file().then_some(())?;
    let told = Command::new("poetry")
        .args(["env", "info", "--executable"])
        .current_dir(root)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let path = PathBuf::from(String::from_utf8(told.stdout).ok()?.trim());
    path.is_file().then_some(path)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn environment_in(folder: &Path) -> PathBuf {
        let program = folder.join("bin/python");
        fs::create_dir_all(folder.join("bin")).unwrap();
        fs::write(&program, "").unwrap();
        program
    }

    #[test]
    fn the_nearest_choice_wins() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        let none = |_: &str| None;
        assert_eq!(find(None, root, none), Err(Missing::Everywhere));
        let elsewhere = environment_in(&root.join("elsewhere"));
        let on_path = |name: &str| (name == "PATH").then(|| root.join("elsewhere/bin").into_os_string());
        assert_eq!(
            find(None, root, on_path).unwrap(),
            Interpreter { path: elsewhere.clone(), by: "PATH".into() }
        );
        let venv = environment_in(&root.join("venv"));
        assert_eq!(find(None, root, on_path).unwrap(), Interpreter { path: venv, by: "`venv`".into() });
        let dot = environment_in(&root.join(".venv"));
        assert_eq!(find(None, root, on_path).unwrap(), Interpreter { path: dot, by: "`.venv`".into() });
        let active = |name: &str| (name == "VIRTUAL_ENV").then(|| root.join("elsewhere").into_os_string());
        assert_eq!(
            find(None, root, active).unwrap(),
            Interpreter { path: elsewhere.clone(), by: "VIRTUAL_ENV".into() }
        );
        let chosen = find(Some(&root.join("elsewhere")), root, active).unwrap();
        assert_eq!(chosen, Interpreter { path: elsewhere, by: "`--python`".into() });
        let nowhere = root.join("nowhere");
        assert_eq!(find(Some(&nowhere), root, active), Err(Missing::Chosen(nowhere.clone())));
    }
}
