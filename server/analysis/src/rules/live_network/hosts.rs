//! Hosts that are somebody else's server, and those that stand for none.

/// What a host is to the tests that name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// A server on the internet.
    Foreign,
    /// `example.com`, which answers, but is mostly written where nothing is asked.
    Example,
    /// This machine, its network, a name that is reserved, or one that stands for any.
    Own,
}

/// Words that stand for any name.
const PLACEHOLDERS: &[&str] = &[
    "acme",
    "any",
    "bad",
    "bar",
    "baz",
    "company",
    "custom",
    "domain",
    "dummy",
    "evil",
    "fake",
    "foo",
    "foobar",
    "fqdn",
    "host",
    "hostname",
    "invalid",
    "me",
    "mock",
    "my",
    "myserver",
    "nope",
    "nowhere",
    "other",
    "random",
    "server",
    "service",
    "site",
    "some",
    "somewhere",
    "spam",
    "test",
    "tests",
    "testing",
    "testserver",
    "unknown",
    "url",
    "website",
    "wrong",
    "your",
];

/// The same inside words.
const PLACEHOLDER_PARTS: &[&str] = &[
    "doesnot",
    "doesnt",
    "dummy",
    "example",
    "fake",
    "invalid",
    "mock",
    "nonexist",
    "notexist",
    "placeholder",
    "unreach",
];

/// The ends of reserved names (RFC 2606, RFC 6761, RFC 6762, RFC 8375), and of names inside a network.
const RESERVED: &[&str] = &[
    "arpa",
    "example",
    "home",
    "internal",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "onion",
    "test",
];

pub fn kind(host: &str) -> Host {
    let host = host.trim_end_matches('.').to_lowercase();
    if matches!(
        host.as_str(),
        "example.com" | "example.net" | "example.org" | "www.example.com" | "www.example.org"
    ) {
        return Host::Example;
    }
    if host.contains(':') || !host.contains('.') || !is_written(&host) {
        return Host::Own;
    }
    let labels: Vec<&str> = host.split('.').collect();
    if labels.iter().all(|label| label.bytes().all(|byte| byte.is_ascii_digit())) {
        return if is_public(&labels) { Host::Foreign } else { Host::Own };
    }
    let is_reserved = labels.last().is_some_and(|last| RESERVED.contains(last));
    let stands_for_any = labels
        .iter()
        .flat_map(|label| label.split(['-', '_']))
        .any(|word| PLACEHOLDERS.contains(&word) || PLACEHOLDER_PARTS.iter().any(|part| word.contains(part)));
    if is_reserved || stands_for_any { Host::Own } else { Host::Foreign }
}

fn is_written(host: &str) -> bool {
    host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

/// Whether an IPv4 address is a server's on the internet that tests know: of those, only resolvers of names.
fn is_public(labels: &[&str]) -> bool {
    matches!(
        labels,
        ["8", "8", "8" | "4", "8" | "4"] | ["1", "1" | "0", "1" | "0", "1"] | ["9", "9", "9", "9"]
    )
}

/// The host of `scheme://user@host:port/path`.
pub fn of_url(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    if !matches!(scheme, "ftp" | "ftps" | "http" | "https" | "ws" | "wss") {
        return None;
    }
    let end = rest.find(['/', '?', '#'])?;
    of_authority(&rest[..end])
}

/// As [`of_url`] for a text that may end with the host.
pub fn of_whole_url(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    of_url(url).or_else(|| of_authority(rest).filter(|_| !rest.contains(['/', '?', '#'])))
}

fn of_authority(authority: &str) -> Option<&str> {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    (!host.is_empty() && !host.contains('{')).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_that_answer() {
        for host in [
            "api.github.com",
            "httpbin.org",
            "pypi.org",
            "raw.githubusercontent.com",
            "8.8.8.8",
            "www.google.com",
        ] {
            assert_eq!(kind(host), Host::Foreign, "{host}");
        }
        assert_eq!(kind("example.com"), Host::Example);
    }

    #[test]
    fn hosts_that_are_ours_or_nobodys() {
        for host in [
            "localhost",
            "127.0.0.1",
            "10.0.0.7",
            "192.0.2.1",
            "testserver",
            "db.internal",
            "api.example.com",
            "shop.test",
            "x.invalid",
            "my-site.com",
            "foo.com",
            "doesnotexist.org",
            "a.localhost",
            "mockserver.io",
            "wrong-dns-name.com",
            "api.your-domain.com",
        ] {
            assert_eq!(kind(host), Host::Own, "{host}");
        }
    }

    #[test]
    fn hosts_of_urls() {
        assert_eq!(of_url("https://api.github.com/repos"), Some("api.github.com"));
        assert_eq!(of_url("https://user:pw@host.org:8080/"), Some("host.org"));
        assert_eq!(of_url("https://{}.org/"), None);
        assert_eq!(of_url("https://api.github.com"), None);
        assert_eq!(of_whole_url("https://api.github.com"), Some("api.github.com"));
        assert_eq!(of_whole_url("http://{}:{}/"), None);
        assert_eq!(of_whole_url("file:///tmp/x"), None);
        assert_eq!(of_whole_url("mailto:x"), None);
    }
}
