//! State that outlives the function which changes it: what effects, guards and accesses are about.

use std::fmt;

use smol_str::SmolStr;

use super::Module;

/// A piece of state inside the process.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// An attribute of a module, a class or an object that a module holds, by its dotted path; or one literal
    /// key of the container there.
    Attribute {
        path: SmolStr,
        key: Option<SmolStr>,
    },
    /// One environment variable, or any.
    Environ(Option<SmolStr>),
    Cwd,
    SysPath,
    /// One entry of `sys.modules`, or any.
    SysModules(Option<SmolStr>),
    Setting(Setting),
}

/// Settings that a process has once, changed by calls.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    Locale,
    Umask,
    /// The handler of a signal, as the code names it.
    Signal(SmolStr),
    SocketTimeout,
    EventLoop,
    EventLoopPolicy,
    LoggingDisable,
    LoggingSetup,
    /// Level, handlers or filters of a logger; the empty name is the root's.
    Logger(SmolStr),
    Decimal,
    NumpyErrors,
    NumpyPrint,
    /// One option of pandas, or any.
    Pandas(Option<SmolStr>),
    /// One key of `rcParams`, or any.
    RcParams(Option<SmolStr>),
    StartMethod,
    Gc,
    RecursionLimit,
    Trace,
    ResourceLimit,
    /// The global options of a library, by the call that sets them.
    Library(SmolStr),
}

impl Target {
    pub fn attribute(path: impl Into<SmolStr>) -> Target {
        Target::of_path(path.into(), None)
    }

    /// The target at a dotted path: `os.environ`, `sys.path` and their like have kinds of their own.
    pub fn of_path(path: SmolStr, key: Option<SmolStr>) -> Target {
        match path.as_str() {
            "os.environ" | "os.environb" => Target::Environ(key),
            "sys.path" => Target::SysPath,
            "sys.modules" => Target::SysModules(key),
            "matplotlib.rcParams" | "matplotlib.pyplot.rcParams" | "pylab.rcParams" => {
                Target::Setting(Setting::RcParams(key))
            }
            _ => match path.strip_prefix("pandas.options.") {
                Some(option) => Target::Setting(Setting::Pandas(Some(option.into()))),
                None => Target::Attribute { path, key },
            },
        }
    }

    /// Whether putting `self` back puts `other` back: the same, or something inside it.
    pub fn covers(&self, other: &Target) -> bool {
        match (self, other) {
            (Target::Environ(None), Target::Environ(_))
            | (Target::SysModules(None), Target::SysModules(_))
            | (Target::Setting(Setting::Pandas(None)), Target::Setting(Setting::Pandas(_)))
            | (Target::Setting(Setting::RcParams(None)), Target::Setting(Setting::RcParams(_))) => true,
            (Target::Attribute { path: outer, key: None }, Target::Attribute { path: inner, .. }) => {
                is_inside(inner, outer)
            }
            (Target::Attribute { path, key: None }, Target::SysModules(_)) => path == "sys",
            _ => self == other,
        }
    }

    /// Whether a change of one can be seen through the other.
    pub fn overlaps(&self, other: &Target) -> bool {
        self.covers(other) || other.covers(self)
    }

    /// Whether everything in the process has it in common, whatever it imports.
    pub fn is_process_wide(&self) -> bool {
        match self {
            Target::Attribute { path, .. } => {
                let (first, rest) = path.split_once('.').unwrap_or((path, ""));
                !rest.is_empty() && PROCESS_MODULES.contains(&first)
            }
            Target::Setting(Setting::Logger(name)) => name.is_empty(),
            _ => true,
        }
    }

    /// The target in words as code of `module` would call it: what the module itself holds by its bare name.
    pub fn named_in(&self, module: &Module) -> String {
        self.to_string().replacen(&format!("`{}.", module.name), "`", 1)
    }

    /// The dotted path of an attribute.
    pub fn path(&self) -> Option<&str> {
        match self {
            Target::Attribute { path, .. } => Some(path),
            _ => None,
        }
    }
}

/// Modules of the standard library whose attributes tests replace by hand.
const PROCESS_MODULES: &[&str] = &[
    "asyncio",
    "builtins",
    "datetime",
    "getpass",
    "io",
    "json",
    "locale",
    "logging",
    "os",
    "pathlib",
    "platform",
    "random",
    "select",
    "shutil",
    "signal",
    "smtplib",
    "socket",
    "ssl",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "urllib",
    "uuid",
    "webbrowser",
];

/// Whether `inner` is `outer` or an attribute somewhere below it.
fn is_inside(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// As messages name it, with its article or kind: "the environment variable `HOME`", "`shop.config.DEBUG`".
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Attribute { path, key: Some(key) } => write!(f, "`{path}[{key:?}]`"),
            Target::Attribute { path, key: None } => write!(f, "`{path}`"),
            Target::Environ(Some(name)) => write!(f, "the environment variable `{name}`"),
            Target::Environ(None) => f.write_str("the environment variables"),
            Target::Cwd => f.write_str("the working directory"),
            Target::SysPath => f.write_str("`sys.path`"),
            Target::SysModules(Some(name)) => write!(f, "`sys.modules[{name:?}]`"),
            Target::SysModules(None) => f.write_str("`sys.modules`"),
            Target::Setting(setting) => setting.fmt(f),
        }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            Setting::Signal(name) => return write!(f, "the handler of `{name}`"),
            Setting::Logger(name) if name.is_empty() => "the root logger",
            Setting::Logger(name) => return write!(f, "the logger `{name}`"),
            Setting::Pandas(Some(option)) => return write!(f, "the pandas option `{option}`"),
            Setting::RcParams(Some(key)) => return write!(f, "`rcParams[{key:?}]`"),
            Setting::Library(call) => return write!(f, "the options of `{call}`"),
            Setting::Locale => "the locale of the process",
            Setting::Umask => "the umask of the process",
            Setting::SocketTimeout => "the default timeout of sockets",
            Setting::EventLoop => "the current event loop",
            Setting::EventLoopPolicy => "the event loop policy",
            Setting::LoggingDisable => "the level below which logging is disabled",
            Setting::LoggingSetup => "the set-up of logging",
            Setting::Decimal => "the decimal context",
            Setting::NumpyErrors => "NumPy's error handling",
            Setting::NumpyPrint => "NumPy's print options",
            Setting::Pandas(None) => "the pandas options",
            Setting::RcParams(None) => "Matplotlib's `rcParams`",
            Setting::StartMethod => "the start method of multiprocessing",
            Setting::Gc => "the garbage collector's settings",
            Setting::RecursionLimit => "the recursion limit",
            Setting::Trace => "the trace function",
            Setting::ResourceLimit => "a resource limit of the process",
        };
        f.write_str(words)
    }
}

impl Setting {
    /// One word for names of fixtures.
    pub fn word(&self) -> &'static str {
        match self {
            Setting::Locale => "locale",
            Setting::Umask => "umask",
            Setting::Signal(_) => "signal_handler",
            Setting::SocketTimeout => "socket_timeout",
            Setting::EventLoop | Setting::EventLoopPolicy => "event_loop",
            Setting::LoggingDisable | Setting::LoggingSetup => "logging",
            Setting::Logger(_) => "logger",
            Setting::Decimal => "decimal_context",
            Setting::NumpyErrors | Setting::NumpyPrint => "numpy_settings",
            Setting::Pandas(_) => "pandas_options",
            Setting::RcParams(_) => "rc_params",
            Setting::StartMethod => "start_method",
            Setting::Gc => "gc",
            Setting::RecursionLimit => "recursion_limit",
            Setting::Trace => "trace",
            Setting::ResourceLimit => "resource_limit",
            Setting::Library(_) => "library_options",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(path: &str, key: &str) -> Target {
        Target::of_path(path.into(), Some(key.into()))
    }

    #[test]
    fn a_whole_covers_its_parts_and_not_the_other_way_round() {
        let whole = Target::attribute("shop.config");
        assert!(whole.covers(&Target::attribute("shop.config.DEBUG")));
        assert!(whole.covers(&item("shop.config.FLAGS", "a")));
        assert!(!whole.covers(&Target::attribute("shop.configuration")));
        assert!(!Target::attribute("shop.config.DEBUG").covers(&whole));
        assert!(!item("shop.FLAGS", "a").covers(&item("shop.FLAGS", "b")));
    }

    #[test]
    fn well_known_paths_have_kinds_of_their_own() {
        assert_eq!(item("os.environ", "HOME"), Target::Environ(Some("HOME".into())));
        assert!(Target::attribute("os.environ").covers(&item("os.environ", "HOME")));
        assert_eq!(
            Target::attribute("pandas.options.display.width").to_string(),
            "the pandas option `display.width`"
        );
    }
}
