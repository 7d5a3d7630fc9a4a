//! What the text of a database's address says.

/// Schemes of databases that are servers, without the driver behind `+`.
const SERVERS: &[&str] = &[
    "asyncpg",
    "cockroachdb",
    "mariadb",
    "mssql",
    "mysql",
    "oracle",
    "postgres",
    "postgresql",
    "psycopg",
    "psycopg2",
    "redshift",
];

/// Schemes of databases that are files.
const FILES: &[&str] = &["duckdb", "sqlite"];

/// The address for a message, without credentials; `None` where it is private to the process (in memory), names no
/// database, or is none.
pub fn shown(text: &str) -> Option<String> {
    let Some((scheme, rest)) = text.split_once("://") else { return keywords(text) };
    if text.contains(['{', '}']) || text.contains("%(") || text.contains("%s") {
        return None;
    }
    let kind = scheme.split('+').next().unwrap_or(scheme);
    if FILES.contains(&kind) {
        return file(rest.strip_prefix('/').unwrap_or(rest));
    }
    if !SERVERS.contains(&kind) {
        return None;
    }
    let place = rest.split('?').next().unwrap_or(rest);
    let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
    (!place.trim_matches('/').is_empty()).then(|| format!("{kind}://{place}"))
}

/// The path of a database that is a file.
pub fn file(path: &str) -> Option<String> {
    let is_private = path.is_empty() || path.contains(":memory") || path.contains("mode=memory");
    (!is_private).then(|| path.split('?').next().unwrap_or(path).to_owned())
}

/// Whether a text begins as the address of a server does.
pub fn begins_server(text: &str) -> bool {
    let kind = text.split_once("://").map(|(scheme, _)| scheme.split('+').next().unwrap_or(scheme));
    kind.is_some_and(|kind| SERVERS.contains(&kind))
}

/// `dbname=shop host=localhost`, as libpq reads it.
fn keywords(text: &str) -> Option<String> {
    let value = |name: &str| {
        let mut pairs = text.split_whitespace().filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let database = value("dbname")?;
    Some(match value("host") {
        Some(host) => format!("{database} on {host}"),
        None => database.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let cases = [
            ("sqlite://", None),
            ("sqlite:///:memory:", None),
            ("sqlite://:memory:", None),
            ("sqlite+aiosqlite:///file:x?mode=memory&uri=true", None),
            ("sqlite:///./test.db", Some("./test.db")),
            ("sqlite:////tmp/test.db", Some("/tmp/test.db")),
            ("sqlite://db.sqlite3", Some("db.sqlite3")),
            ("postgresql://", None),
            ("postgresql:///shop", Some("postgresql:///shop")),
            ("postgresql+asyncpg://me:secret@db:5432/shop?ssl=1", Some("postgresql://db:5432/shop")),
            ("mysql+pymysql://{user}@db/shop", None),
            ("redis://localhost", None),
            ("dbname=shop user=me host=db", Some("shop on db")),
            ("host=db", None),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text).as_deref(), expected, "{text}");
        }
    }
}
