//! The calls that make, change, rename or delete a file, and which of their arguments is the path.

use smol_str::SmolStr;

use crate::facts::arguments::argument;
use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;

/// A call that does something to the file system at a path.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    pub call: NodeId,
    /// The expression that gives the path; `None` for `tempfile.mktemp()`.
    pub path: Option<NodeId>,
    /// A past participle for the message.
    pub deed: &'static str,
    /// The function as it is called: `os.remove`, `write_text`.
    pub function: SmolStr,
}

pub const DELETES: &str = "deletes";

/// Which argument of a function is the path, and what happens to it.
struct Known {
    names: &'static [&'static str],
    position: usize,
    keyword: &'static str,
    deed: &'static str,
}

const FUNCTIONS: &[Known] = &[
    Known {
        names: &["os.mkdir", "os.makedirs", "os.mkfifo", "os.mknod"],
        position: 0,
        keyword: "name",
        deed: "creates",
    },
    Known {
        names: &["os.remove", "os.unlink", "os.rmdir", "os.removedirs", "shutil.rmtree"],
        position: 0,
        keyword: "path",
        deed: DELETES,
    },
    Known { names: &["os.truncate", "os.chmod", "os.utime"], position: 0, keyword: "path", deed: "changes" },
    Known { names: &["os.rename", "os.renames", "os.replace"], position: 1, keyword: "dst", deed: "writes" },
    Known { names: &["os.symlink", "os.link"], position: 1, keyword: "dst", deed: "creates" },
    Known {
        names: &["shutil.copy", "shutil.copy2", "shutil.copyfile", "shutil.copytree", "shutil.move"],
        position: 1,
        keyword: "dst",
        deed: "writes",
    },
    Known { names: &["shutil.make_archive"], position: 0, keyword: "base_name", deed: "writes" },
    Known {
        names: &[
            "shelve.open",
            "logging.FileHandler",
            "logging.handlers.RotatingFileHandler",
            "logging.handlers.TimedRotatingFileHandler",
        ],
        position: 0,
        keyword: "filename",
        deed: "writes",
    },
    Known { names: &["sqlite3.connect"], position: 0, keyword: "database", deed: "creates" },
    Known {
        names: &["numpy.save", "numpy.savez", "numpy.savez_compressed", "numpy.savetxt"],
        position: 0,
        keyword: "file",
        deed: "writes",
    },
    Known { names: &["torch.save", "joblib.dump"], position: 1, keyword: "filename", deed: "writes" },
    Known {
        names: &["matplotlib.pyplot.savefig", "matplotlib.pyplot.imsave"],
        position: 0,
        keyword: "fname",
        deed: "writes",
    },
];

/// Functions that open a path in a mode.
const OPENERS: &[&str] = &[
    "builtins.open",
    "io.open",
    "codecs.open",
    "gzip.open",
    "bz2.open",
    "lzma.open",
    "tarfile.open",
    "zipfile.ZipFile",
    "tarfile.TarFile",
    "gzip.GzipFile",
    "bz2.BZ2File",
    "lzma.LZMAFile",
    "aiofiles.open",
    "anyio.open_file",
    "trio.open_file",
    "os.fdopen",
];

/// Methods of a path object that change the file system there.
const PATH_METHODS: &[(&str, &str)] = &[
    ("write_text", "writes"),
    ("write_bytes", "writes"),
    ("touch", "creates"),
    ("mkdir", "creates"),
    ("symlink_to", "creates"),
    ("hardlink_to", "creates"),
    ("unlink", DELETES),
    ("rmdir", DELETES),
];

/// Methods of any object that write to the path given first.
const WRITERS: &[&str] = &[
    "to_csv",
    "to_parquet",
    "to_pickle",
    "to_excel",
    "to_feather",
    "to_hdf",
    "to_stata",
    "savefig",
    "tofile",
    "to_netcdf",
    "to_zarr",
];

/// The names of those methods' first parameter.
const WRITER_KEYWORDS: &[&str] = &["path_or_buf", "path", "fname", "excel_writer", "fid", "store"];

/// What a call does to the file system, if it is one of those that are known.
pub fn operation(subject: &Subject<'_>, call: NodeId) -> Option<Operation> {
    let NodeKind::Call { func, args } = subject.code().kind(call) else { return None };
    let make =
        |path, deed, function: &str| Some(Operation { call, path, deed, function: SmolStr::new(function) });
    if let Some(callee) = subject.resolve(*func) {
        if callee == "tempfile.mktemp" {
            return make(None, "names", "tempfile.mktemp");
        }
        if let Some(known) = FUNCTIONS.iter().find(|known| known.names.contains(&callee.as_str())) {
            return make(Some(argument(args, known.position, known.keyword)?), known.deed, &callee);
        }
        if OPENERS.contains(&callee.as_str()) {
            let path = argument(args, 0, "file").or_else(|| argument(args, 0, "name"))?;
            let shown = callee.strip_prefix("builtins.").unwrap_or(&callee);
            return if writes(subject, argument(args, 1, "mode")) {
                make(Some(path), "writes", shown)
            } else {
                None
            };
        }
        return None;
    }
    method(subject, call, *func, args)
}

fn method(subject: &Subject<'_>, call: NodeId, func: NodeId, args: &[Argument]) -> Option<Operation> {
    let NodeKind::Attribute { value, attr, .. } = subject.code().kind(func) else { return None };
    let make = |path: NodeId, deed| Some(Operation { call, path: Some(path), deed, function: attr.clone() });
    if WRITERS.contains(&attr.as_str()) {
        let is_elsewhere = |argument: &Argument| matches!(&argument.kind, ArgumentKind::Keyword(key) if key == "filesystem" || key == "storage_options");
        if args.iter().any(is_elsewhere) {
            return None;
        }
        let path = WRITER_KEYWORDS.iter().find_map(|keyword| argument(args, 0, keyword))?;
        return make(path, "writes");
    }
    // The other names belong to text, tables and more: what is called must be seen to be a path object.
    subject.fixed_path_object(*value)?;
    if let Some((_, deed)) = PATH_METHODS.iter().find(|(name, _)| name == attr) {
        return make(*value, deed);
    }
    match attr.as_str() {
        "open" if writes(subject, argument(args, 0, "mode")) => make(*value, "writes"),
        // `str.replace` takes two.
        "rename" | "replace" if args.len() == 1 => make(argument(args, 0, "target")?, "writes"),
        _ => None,
    }
}

/// Whether a mode argument opens for writing. A mode that is not a literal does not count.
fn writes(subject: &Subject<'_>, mode: Option<NodeId>) -> bool {
    mode.and_then(|mode| subject.code().kind(mode).as_str())
        .is_some_and(|mode| mode.contains(['w', 'a', 'x', '+']))
}
