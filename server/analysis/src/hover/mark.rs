//! Marks about parallel runs and retries: what each does in this project, and where.

use super::place;
use crate::project::marks::Mark;
use crate::project::no_parallel::Effect;
use crate::project::retrier::{self, Reading};
use crate::project::{Project, Subject};

/// Workers are processes (`rules.md`, "Facts that explanations must get right").
pub const PROCESSES: &str = "Workers of pytest-xdist are processes: mocks and module state are never shared between them, so \
                             running alone cures neither a leak nor a mock; files, ports and databases are what they share.";

/// `None` for marks that have nothing to do with flakiness.
pub fn explained(subject: &Subject<'_>, mark: &Mark) -> Option<String> {
    let project = subject.project;
    let words = match mark.name.as_str() {
        "flaky" => flaky(project, mark),
        "xdist_group" => {
            format!("keeps its tests on one worker, in order; others run meanwhile. {}", dist(project))
        }
        name if name == project.no_parallel().name => format!("{} {PROCESSES}", no_parallel(project)),
        "no_parallel" | "serial" | "noparallel" => {
            format!(
                "does nothing here: this project's marker is `{}`. {PROCESSES}",
                project.no_parallel().name
            )
        }
        _ => return None,
    };
    Some(format!("**`@pytest.mark.{}`** {words}\n", mark.name))
}

/// What the project's no-parallel marker does, as the end of a sentence about it, and whether it is registered.
pub fn no_parallel(project: &Project) -> String {
    let marker = project.no_parallel();
    let hook = marker.hook.as_ref().map(|hook| place::at(project, hook)).unwrap_or_default();
    let does = match marker.effect {
        Effect::OneWorker => format!(
            "makes its tests one `xdist_group` (by the hook at {hook}): they run on one worker, in order, and others run \
             meanwhile. {}",
            dist(project)
        ),
        Effect::SkippedUnderXdist => format!("skips its tests under pytest-xdist (by the hook at {hook})."),
        Effect::Deselected => format!("leaves its tests to a run of their own (by the hook at {hook})."),
        Effect::Reordered => format!(
            "changes the order of its tests (by the hook at {hook}) and keeps none of them from running beside others."
        ),
        Effect::Other => format!("is looked at by the hook at {hook}."),
        Effect::Nothing => {
            "does nothing here: no hook of this project looks at it, and it is no marker of pytest or \
                            pytest-xdist."
                .to_owned()
        }
    };
    format!("{does} {}", registration(project, &marker.name))
}

fn registration(project: &Project, name: &str) -> String {
    let file = project.config.file.as_ref().map(|file| file.path.as_path());
    match (project.config.options.marker(name), file) {
        (Some(line), Some(path)) => {
            format!("It is registered at {}.", place::shown(project, path, line.range.start))
        }
        (Some(_), None) => "It is registered.".to_owned(),
        (None, _) if project.config.options.strict_markers.may_be_on() => {
            "It is not registered, which is an error under strict markers.".to_owned()
        }
        (None, _) => "It is not registered, so pytest warns about it.".to_owned(),
    }
}

/// Whether `xdist_group` counts here. Dead with pytest 9.2.0 and pytest-xdist 3.8.0 (pytest-xdist issue 1386).
fn dist(project: &Project) -> String {
    if project.groups_are_dead() {
        return "With pytest 9.2 and pytest-xdist 3.8 groups have no effect.".to_owned();
    }
    match project.config.options.xdist.dist.as_deref() {
        Some("loadgroup") => "`--dist loadgroup`, which groups need, is configured.".to_owned(),
        _ => "Groups need `--dist loadgroup`, which is not configured here.".to_owned(),
    }
}

/// What a `flaky` mark does, as the end of a sentence about it.
pub fn flaky(project: &Project, mark: &Mark) -> String {
    let declared = retrier::declared(&project.plugins);
    let does = match declared[..] {
        [] => "does nothing as far as the project's declarations show: no retry plugin is among them."
            .to_owned(),
        [retrier] => match retrier.read(mark.args()) {
            Some(Reading { strange, counts }) if !strange.is_empty() => {
                let words = strange.join(" and ");
                format!(
                    "is read by {}, which does not know {words}. {}",
                    retrier.package,
                    retrier.on_strange(counts)
                )
            }
            _ => format!("runs a test that failed again, by {}.", retrier.package),
        },
        [..] => {
            let names: Vec<&str> = declared.iter().map(|retrier| retrier.package).collect();
            format!("is read by {}, whose retries multiply.", names.join(" and "))
        }
    };
    format!(
        "{does} A retry hides a flake and cures nothing: what the first attempt left behind is still there."
    )
}

/// The retries that the configuration asks for, and whether a declared plugin reads them.
pub fn configured_retries(project: &Project) -> Option<String> {
    let retry = &project.config.options.retry;
    let (key, count, plugin) = match (retry.retries, retry.reruns) {
        (Some(count), _) => ("retries", count, "pytest-retry"),
        (None, Some(count)) => ("reruns", count, "pytest-rerunfailures"),
        (None, None) => return None,
    };
    let file = project.config.file.as_ref()?;
    let name = file.path.file_name()?.to_string_lossy();
    Some(if project.plugins.has(plugin) {
        format!("`{key} = {count}` in {name} makes {plugin} run every failed test again.")
    } else {
        format!(
            "`{key} = {count}` in {name} is read by {plugin} alone, which is not declared: it retries nothing."
        )
    })
}
