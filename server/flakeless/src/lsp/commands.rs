//! The commands that a client may run by name (LSP 3.17, "Execute a command").

use analysis::rules::RuleMeta;
use serde_json::Value;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::lsp_types::{ExecuteCommandParams, ProgressToken, Url};

use crate::reproduce::axis::Axis;
use crate::rule_name;

const EXPLAIN_RULE: &str = "flakeless.explainRule";
const LIST_RULES: &str = "flakeless.listRules";
const PROJECT_MODEL: &str = "flakeless.projectModel";
const CHECK_WORKSPACE: &str = "flakeless.checkWorkspace";
const WRITE_BASELINE: &str = "flakeless.writeBaseline";

pub(crate) const REPRODUCE: &str = "flakeless.reproduce";
pub(crate) const FIND_POLLUTER: &str = "flakeless.findPolluter";

const READING: [&str; 5] = [EXPLAIN_RULE, LIST_RULES, PROJECT_MODEL, CHECK_WORKSPACE, WRITE_BASELINE];
/// They run code of the project.
const RUNNING: [&str; 2] = [REPRODUCE, FIND_POLLUTER];

/// All commands; those that run code of the project only if `may_run`.
pub(crate) fn names(may_run: bool) -> impl Iterator<Item = &'static str> {
    READING.into_iter().chain(RUNNING.into_iter().filter(move |_| may_run))
}

/// What a person asked for.
pub(crate) enum Command {
    /// A rule's page: `{rule, markdown}`.
    ExplainRule(&'static RuleMeta),
    /// All rules: a list of `{name, summary, cause}`.
    ListRules,
    /// What pytest would see in the folder around a document, or in all: `{text}`.
    ProjectModel(Option<Url>),
    /// Every file's diagnostics, which are shown from then on: `{files, tests, diagnostics: [{uri, diagnostics}]}`.
    CheckWorkspace,
    /// Accepts the hints of the folder around a document in the baseline of that document, or those of all folders:
    /// `{path, hints}`, and `paths` with all that were written.
    WriteBaseline(Option<Url>),
    /// Runs a test of the project around a document until it fails: `{tests, refused}`, as `reproduce --json` has them.
    Reproduce {
        document: Url,
        /// Its node id, relative to pytest's rootdir.
        test: String,
        /// The axes to try; none where its hints decide.
        axes: &'static [Axis],
    },
}

/// A command, and where to show how far it is.
pub(crate) struct Asked {
    pub(crate) command: Command,
    pub(crate) work_done: Option<ProgressToken>,
}

impl Asked {
    /// # Errors
    /// What a person should read who named no command, or gave it no such argument.
    pub(crate) fn read(params: ExecuteCommandParams) -> Result<Asked> {
        let argument = params.arguments.first();
        let command = match params.command.as_str() {
            EXPLAIN_RULE => Command::ExplainRule(rule(argument)?),
            LIST_RULES => Command::ListRules,
            PROJECT_MODEL => Command::ProjectModel(document(argument)?),
            CHECK_WORKSPACE => Command::CheckWorkspace,
            WRITE_BASELINE => Command::WriteBaseline(document(argument)?),
            REPRODUCE => reproduce(&params.arguments, REPRODUCE, &[])?,
            FIND_POLLUTER => reproduce(&params.arguments, FIND_POLLUTER, &[Axis::Order])?,
            other => return Err(wrong(format!("flakeless has no command `{other}`"))),
        };
        Ok(Asked { command, work_done: params.work_done_progress_params.work_done_token })
    }
}

fn reproduce(arguments: &[Value], name: &str, axes: &'static [Axis]) -> Result<Command> {
    let document = document(arguments.first())?;
    let test = arguments.get(1).and_then(Value::as_str);
    let (Some(document), Some(test)) = (document, test) else {
        return Err(wrong(format!("`{name}` needs the URI of a document and the node id of a test")));
    };
    Ok(Command::Reproduce { document, test: test.to_owned(), axes })
}

fn rule(argument: Option<&Value>) -> Result<&'static RuleMeta> {
    let Some(name) = argument.and_then(Value::as_str) else {
        return Err(wrong(format!("`{EXPLAIN_RULE}` needs the name of a rule; `{LIST_RULES}` lists them")));
    };
    rule_name::find(name).map_err(|why| wrong(format!("`{name}`: {why}")))
}

fn document(argument: Option<&Value>) -> Result<Option<Url>> {
    match argument {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(uri)) if Url::parse(uri).is_ok() => Ok(Url::parse(uri).ok()),
        Some(other) => Err(wrong(format!("{other} is not the URI of a document"))),
    }
}

fn wrong(message: String) -> Error {
    Error::invalid_params(message)
}
