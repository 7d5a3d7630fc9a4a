//! Rule names as a person gives them.

use analysis::rules::{self, RuleMeta};

/// The rule of this name, or what to say to a person who wrote it.
pub(crate) fn find(name: &str) -> Result<&'static RuleMeta, String> {
    if let Some(entry) = rules::entry(name) {
        return Ok(entry.meta);
    }
    let near = rules::REGISTRY
        .iter()
        .map(|entry| entry.meta.name)
        .map(|known| (strsim::damerau_levenshtein(known, name), known))
        .filter(|(distance, known)| *distance <= known.len() / 3)
        .min();
    Err(match near {
        Some((_, known)) => format!("no rule has this name; did you mean `{known}`?"),
        None => "no rule has this name; `flakeless rule` lists them".to_owned(),
    })
}

/// [`find`] for arguments that take names, and the words that the settings know for several.
pub(crate) fn parse(name: &str) -> Result<&'static str, String> {
    match name {
        "all" => Ok("all"),
        "default" => Ok("default"),
        _ => find(name).map(|meta| meta.name),
    }
}
