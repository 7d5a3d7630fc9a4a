//! Functions that change a setting of the whole process, by their paths.

use smol_str::SmolStr;

use crate::facts::NodeKind;
use crate::facts::code::{Argument, ArgumentKind};
use crate::project::Subject;
use crate::project::target::{Setting, Target};

use super::saved::keeps_answer;
use super::{Act, literal_text};

/// What a call of the function at `path` with these arguments does to the process.
pub fn set_by(subject: &Subject<'_>, path: &str, args: &[Argument]) -> Option<(Target, Act)> {
    let code = subject.code();
    let positional = |at: usize| args.get(at).filter(|a| a.kind == ArgumentKind::Positional).map(|a| a.value);
    let text = |at: usize| positional(at).and_then(|value| literal_text(subject, value));
    let is_none = |at: usize| positional(at).is_some_and(|value| *code.kind(value) == NodeKind::None);
    let given = |name: &str| args.iter().any(|a| matches!(&a.kind, ArgumentKind::Keyword(k) if k == name));
    // What was asked for before goes back: `locale.setlocale(LC_ALL, before)`.
    let answers =
        |at: usize, asked: &[&str]| positional(at).is_some_and(|it| keeps_answer(subject, it, asked));
    let setting = |setting: Setting| Some((Target::Setting(setting), Act::Replace));
    let reset = |setting: Setting| Some((Target::Setting(setting), Act::Reset));
    match path {
        "os.chdir" if answers(0, &["os.getcwd", "os.getcwdb", "pathlib.Path.cwd"]) => {
            Some((Target::Cwd, Act::Reset))
        }
        "os.chdir" | "os.fchdir" => Some((Target::Cwd, Act::Replace)),
        "os.putenv" => Some((Target::Environ(text(0)), Act::Put)),
        "os.unsetenv" => Some((Target::Environ(text(0)), Act::Remove)),
        "dotenv.load_dotenv" | "dotenv.main.load_dotenv" => Some((Target::Environ(None), Act::Update)),
        "site.addsitedir" => Some((Target::SysPath, Act::Update)),
        "os.umask" => setting(Setting::Umask),
        "locale.setlocale" if answers(1, &["locale.setlocale", "locale.getlocale"]) => reset(Setting::Locale),
        "locale.setlocale" if args.len() > 1 && !is_none(1) => setting(Setting::Locale),
        "locale.resetlocale" => reset(Setting::Locale),
        "signal.signal" if gives_default_handler(subject, args) => {
            reset(Setting::Signal(signal_name(subject, args)?))
        }
        "signal.signal" => setting(Setting::Signal(signal_name(subject, args)?)),
        "signal.set_wakeup_fd" => setting(Setting::Signal("set_wakeup_fd".into())),
        "socket.setdefaulttimeout" if is_none(0) || answers(0, &["socket.getdefaulttimeout"]) => {
            reset(Setting::SocketTimeout)
        }
        "socket.setdefaulttimeout" => setting(Setting::SocketTimeout),
        "asyncio.set_event_loop" if is_none(0) => reset(Setting::EventLoop),
        "asyncio.set_event_loop" => setting(Setting::EventLoop),
        "asyncio.set_event_loop_policy" if is_none(0) => reset(Setting::EventLoopPolicy),
        "asyncio.set_event_loop_policy" => setting(Setting::EventLoopPolicy),
        "logging.disable" => match positional(0).map(|value| code.kind(value)) {
            Some(NodeKind::Int(Some(0))) => reset(Setting::LoggingDisable),
            _ if positional(0).and_then(|value| subject.resolve(value)).as_deref()
                == Some("logging.NOTSET") =>
            {
                reset(Setting::LoggingDisable)
            }
            _ => setting(Setting::LoggingDisable),
        },
        "logging.config.dictConfig"
        | "logging.config.fileConfig"
        | "logging.setLoggerClass"
        | "logging.setLogRecordFactory" => setting(Setting::LoggingSetup),
        "logging.basicConfig" if given("force") => setting(Setting::Logger(SmolStr::default())),
        "decimal.setcontext" => setting(Setting::Decimal),
        "numpy.seterr" | "numpy.seterrcall" => setting(Setting::NumpyErrors),
        "numpy.set_printoptions" => setting(Setting::NumpyPrint),
        "pandas.set_option" | "pandas.options.set_option" => setting(Setting::Pandas(text(0))),
        "pandas.reset_option" => reset(Setting::Pandas(text(0).filter(|name| name != "all"))),
        "matplotlib.rc" | "matplotlib.pyplot.rc" | "matplotlib.style.use" | "matplotlib.pyplot.style.use" => {
            setting(Setting::RcParams(None))
        }
        "matplotlib.rcdefaults" | "matplotlib.pyplot.rcdefaults" => reset(Setting::RcParams(None)),
        "multiprocessing.set_start_method" => setting(Setting::StartMethod),
        "gc.disable" | "gc.set_threshold" | "gc.set_debug" => setting(Setting::Gc),
        "gc.enable" => reset(Setting::Gc),
        "sys.setrecursionlimit" if answers(0, &["sys.getrecursionlimit"]) => reset(Setting::RecursionLimit),
        "sys.setrecursionlimit" => setting(Setting::RecursionLimit),
        "sys.settrace" | "sys.setprofile" | "threading.settrace" | "threading.setprofile" => {
            if is_none(0) || answers(0, &["sys.gettrace", "sys.getprofile"]) {
                reset(Setting::Trace)
            } else {
                setting(Setting::Trace)
            }
        }
        "resource.setrlimit" => setting(Setting::ResourceLimit),
        "torch.set_default_dtype"
        | "torch.set_default_device"
        | "torch.use_deterministic_algorithms"
        | "jax.config.update"
        | "sklearn.set_config" => setting(Setting::Library(path.into())),
        _ => None,
    }
}

/// Calls that are a setter as a statement and a guard as a context manager.
pub fn set_by_statement(path: &str) -> Option<Target> {
    matches!(path, "xarray.set_options" | "dask.config.set" | "torch.set_grad_enabled")
        .then(|| Target::Setting(Setting::Library(path.into())))
}

/// What Python itself sets: `default_int_handler` for SIGINT, `SIG_DFL` for most others.
fn gives_default_handler(subject: &Subject<'_>, args: &[Argument]) -> bool {
    let of = |at: usize| args.get(at).and_then(|argument| subject.resolve(argument.value));
    match (of(0).as_deref(), of(1).as_deref()) {
        (Some("signal.SIGINT"), handler) => handler == Some("signal.default_int_handler"),
        (Some("signal.SIGPIPE"), _) => false,
        (_, handler) => handler == Some("signal.SIG_DFL"),
    }
}

fn signal_name(subject: &Subject<'_>, args: &[Argument]) -> Option<SmolStr> {
    subject.resolve(args.first()?.value)
}
