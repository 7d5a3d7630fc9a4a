//! Calls that read a file or a folder, and the argument that says which.

use crate::facts::arguments::argument;
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;

/// A call that reads at a path.
#[derive(Clone, Copy, Debug)]
pub struct Read {
    pub call: NodeId,
    pub path: NodeId,
    /// Whether a path object would do in the place of text.
    pub takes_objects: bool,
}

/// Functions with the position and the name of their path.
const FUNCTIONS: &[(&str, usize, &str)] = &[
    ("PIL.Image.open", 0, "fp"),
    ("imageio.imread", 0, "uri"),
    ("joblib.load", 0, "filename"),
    ("lxml.etree.parse", 0, "source"),
    ("matplotlib.image.imread", 0, "fname"),
    ("matplotlib.pyplot.imread", 0, "fname"),
    ("numpy.fromfile", 0, "file"),
    ("numpy.genfromtxt", 0, "fname"),
    ("numpy.load", 0, "file"),
    ("numpy.loadtxt", 0, "fname"),
    ("os.listdir", 0, "path"),
    ("os.scandir", 0, "path"),
    ("os.walk", 0, "top"),
    ("pandas.read_csv", 0, "filepath_or_buffer"),
    ("pandas.read_excel", 0, "io"),
    ("pandas.read_feather", 0, "path"),
    ("pandas.read_json", 0, "path_or_buf"),
    ("pandas.read_parquet", 0, "path"),
    ("pandas.read_pickle", 0, "filepath_or_buffer"),
    ("pandas.read_table", 0, "filepath_or_buffer"),
    ("pandas.read_xml", 0, "path_or_buffer"),
    ("runpy.run_path", 0, "path_name"),
    ("shutil.copy", 0, "src"),
    ("shutil.copy2", 0, "src"),
    ("shutil.copyfile", 0, "src"),
    ("shutil.copytree", 0, "src"),
    ("torch.load", 0, "f"),
    ("xml.etree.ElementTree.parse", 0, "source"),
];

/// The same, for which the path must be text.
const OF_TEXT: &[(&str, usize, &str)] =
    &[("cv2.imread", 0, "filename"), ("glob.glob", 0, "pathname"), ("glob.iglob", 0, "pathname")];

/// Functions that open a path in a mode, which is the second argument.
const OPENERS: &[&str] = &[
    "aiofiles.open",
    "anyio.open_file",
    "builtins.open",
    "bz2.open",
    "codecs.open",
    "gzip.open",
    "io.open",
    "lzma.open",
    "tarfile.open",
    "zipfile.ZipFile",
];

/// Methods of a path object that read there.
const METHODS: &[&str] = &["glob", "iterdir", "read_bytes", "read_text", "rglob"];

/// The file or folder that a call reads.
pub fn read(subject: &Subject<'_>, call: NodeId) -> Option<Read> {
    let code = subject.code();
    let NodeKind::Call { func, args } = code.kind(call) else { return None };
    let known = |table: &[(&str, usize, &str)], path: &str| {
        let (_, index, name) = table.iter().find(|(known, ..)| *known == path)?;
        argument(args, *index, name)
    };
    if let Some(path) = subject.resolve(*func) {
        if OPENERS.contains(&path.as_str()) {
            let file = argument(args, 0, "file").or_else(|| argument(args, 0, "name"))?;
            let mode = argument(args, 1, "mode");
            return reads(subject, mode).then_some(Read { call, path: file, takes_objects: true });
        }
        if let Some(path) = known(FUNCTIONS, &path) {
            return Some(Read { call, path, takes_objects: true });
        }
        if let Some(path) = known(OF_TEXT, &path) {
            return Some(Read { call, path, takes_objects: false });
        }
    }
    let NodeKind::Attribute { value, attr, .. } = code.kind(*func) else { return None };
    let is_read = match attr.as_str() {
        "open" => reads(subject, argument(args, 0, "mode")),
        _ => METHODS.contains(&attr.as_str()),
    };
    (is_read && is_path_object(subject, *value)).then_some(Read { call, path: *value, takes_objects: true })
}

/// Whether an expression is a path object: one whose path is fixed, or a path that something is added to.
fn is_path_object(subject: &Subject<'_>, expr: NodeId) -> bool {
    if subject.fixed_path_object(expr).is_some() {
        return true;
    }
    let origin = subject.origin(expr).followed(subject.project);
    let written = origin.subject(subject.project);
    match origin.kind() {
        NodeKind::Binary { op, left, .. } if op == "/" => is_path_object(&written, *left),
        NodeKind::Call { .. } => written.callee(origin.node).as_deref() == Some("pathlib.Path"),
        _ => false,
    }
}

/// Whether a mode reads only; one that is not a literal does not count.
fn reads(subject: &Subject<'_>, mode: Option<NodeId>) -> bool {
    let Some(mode) = mode else { return true };
    subject.code().kind(mode).as_str().is_some_and(|mode| !mode.contains(['w', 'a', 'x', '+']))
}
