//! The calls of libraries that make, open or wrap a database.

use smol_str::SmolStr;

/// Where a call that opens a database says which one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A URL or DSN as first argument or by one of the names of [`URL_NAMES`]; else keywords for server and database.
    Url,
    /// The path of a file.
    File,
    /// The name of a database first, the server by keywords.
    Name,
}

/// Names of the parameter that takes a URL or DSN.
pub const URL_NAMES: &[&str] = &["url", "dsn", "conninfo", "uri"];

/// Names of keywords that say which server and which database on it.
pub const SERVER_NAMES: &[&str] = &["host", "port", "unix_socket"];
pub const DATABASE_NAMES: &[&str] = &["dbname", "database", "db"];

/// Functions by their library's top package and their last name: the paths between differ with versions.
const MAKERS: &[(&str, &str, Form)] = &[
    ("MySQLdb", "connect", Form::Url),
    ("aiomysql", "connect", Form::Url),
    ("aiomysql", "create_pool", Form::Url),
    ("aiosqlite", "connect", Form::File),
    ("asyncpg", "connect", Form::Url),
    ("asyncpg", "create_pool", Form::Url),
    ("databases", "Database", Form::Url),
    ("duckdb", "connect", Form::File),
    ("mysql", "connect", Form::Url),
    ("peewee", "MySQLDatabase", Form::Name),
    ("peewee", "PostgresqlDatabase", Form::Name),
    ("peewee", "SqliteDatabase", Form::File),
    ("playhouse", "PostgresqlExtDatabase", Form::Name),
    ("playhouse", "SqliteExtDatabase", Form::File),
    ("playhouse", "connect", Form::Url),
    ("psycopg", "connect", Form::Url),
    ("psycopg2", "connect", Form::Url),
    ("psycopg_pool", "AsyncConnectionPool", Form::Url),
    ("psycopg_pool", "ConnectionPool", Form::Url),
    ("pymysql", "connect", Form::Url),
    ("sqlalchemy", "create_async_engine", Form::Url),
    ("sqlalchemy", "create_engine", Form::Url),
    ("sqlite3", "connect", Form::File),
    ("sqlmodel", "create_engine", Form::Url),
];

/// What wraps a database that is given first or by one of [`WRAPPED_NAMES`].
const WRAPPERS: &[(&str, &str)] = &[
    ("builtins", "str"),
    ("contextlib", "closing"),
    ("sqlalchemy", "AsyncSession"),
    ("sqlalchemy", "Session"),
    ("sqlalchemy", "async_scoped_session"),
    ("sqlalchemy", "async_sessionmaker"),
    ("sqlalchemy", "make_url"),
    ("sqlalchemy", "scoped_session"),
    ("sqlalchemy", "sessionmaker"),
    ("sqlmodel", "AsyncSession"),
    ("sqlmodel", "Session"),
];

pub const WRAPPED_NAMES: &[&str] = &["bind", "engine"];

/// Methods of engines, pools, connections and sessions that give something of the same database.
pub const SAME_DATABASE: &[&str] = &[
    "acquire",
    "begin",
    "begin_nested",
    "connect",
    "connection",
    "cursor",
    "execution_options",
    "get_bind",
    "get_connection",
    "getconn",
    "raw_connection",
    "session",
    "transaction",
];

/// Attributes of the same kind.
pub const SAME_DATABASE_ATTRIBUTES: &[&str] = &[
    "bind",
    "connection",
    "driver_connection",
    "engine",
    "sync_connection",
    "sync_engine",
    "sync_session",
    "url",
];

pub fn maker(path: &str) -> Option<Form> {
    let (top, last) = ends(path)?;
    MAKERS.iter().find(|(package, name, _)| (*package, *name) == (top, last)).map(|(_, _, form)| *form)
}

pub fn is_wrapper(path: &SmolStr) -> bool {
    ends(path).is_some_and(|ends| WRAPPERS.contains(&ends))
}

fn ends(path: &str) -> Option<(&str, &str)> {
    let (top, rest) = path.split_once('.')?;
    Some((top, rest.rsplit('.').next().unwrap_or(rest)))
}
