"""A package of the corpus as a git repository with a made-up history, what `flakeless check` says there, and a table of
what was expected and seen. For the scripts beside it.
"""

import ast
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import NamedTuple

BASELINE = "flakeless-baseline.json"
# Of what differs, so many are named.
ENOUGH = 4
NOBODY = {
    **{f"GIT_{who}_{what}": "nobody@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    **{"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
}


class Identity(NamedTuple):
    """A hint without its place in the file."""

    path: str
    rule: str
    test: str | None
    text: str

    def __str__(self) -> str:
        return f"{self.path}::{self.test or ''} {self.rule} `{self.text}`"


Hints = collections.Counter[Identity]


def bare(code: str) -> str:
    """Code without layout and the choice of quotes, as far as it tells hints apart."""
    joined = re.sub(r",(?=[)\]}])", "", re.sub(r"\\?\s+", "", code))
    return re.sub(r"\\?[\"']", "'", re.sub(r"\b[uU](?=[\"'])", "", joined))[:80]


@dataclass(frozen=True)
class Seen:
    """What one `check` came to."""

    code: int
    said: str
    list: list[dict]
    hints: Hints


class Repository:
    """A copy of a package, and the program in it."""

    def __init__(self, original: pathlib.Path, folder: pathlib.Path, binary: pathlib.Path):
        self.folder, self.binary = folder, binary
        shutil.copytree(original, folder, symlinks=True)
        self.git("init", "--quiet", "--initial-branch", "main")
        self.commit("as it is")

    def git(self, *arguments: str, must: bool = True) -> str:
        environment = {**os.environ, **NOBODY}
        done = subprocess.run(["git", *arguments], cwd=self.folder, env=environment, capture_output=True, text=True)
        if must and done.returncode:
            raise SystemExit(f"git {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def commit(self, why: str) -> None:
        # What .gitignore leaves out is part of the package all the same.
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--allow-empty", "--message", why)

    def branch(self, name: str, start: str = "main") -> None:
        """A branch from `start`, whatever was tried before."""
        self.git("reset", "--quiet", "--hard")
        self.git("clean", "--quiet", "-d", "--force")
        self.git("checkout", "--quiet", "-B", name, start)

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run([self.binary, *arguments], cwd=self.folder, capture_output=True, text=True)

    def check(self, *arguments: str) -> Seen:
        done = self.run("check", "--no-cache", "--min-confidence", "possible", "--output-format", "json", *arguments)
        listed = json.loads(done.stdout)["hints"] if done.stdout else []
        return Seen(done.returncode, done.stderr, listed, collections.Counter(map(self.identity, listed)))

    def identity(self, hint: dict) -> Identity:
        (first, start), (last, end) = (hint["range"][side].values() for side in ("start", "end"))
        lines = self.read(hint["path"]).split("\n")[first - 1 : last]
        lines[-1] = lines[-1][: end - 1]
        lines[0] = lines[0][start - 1 :]
        test = hint["test"] and hint["test"].partition("::")[2]
        return Identity(hint["path"], hint["rule"], test, bare("\n".join(lines)))

    def accepted(self) -> Hints:
        """What the baseline holds; of lines that say the same the larger count, as after a merge."""
        hints: Hints = collections.Counter()
        for entry in json.loads(self.read(BASELINE))["hints"]:
            if isinstance(entry, dict):
                identity = Identity(entry["path"], entry["rule"], entry["test"], bare(entry["text"]))
                hints[identity] = max(hints[identity], entry["count"])
        return hints

    def read(self, name: str) -> str:
        return (self.folder / name).read_bytes().decode("utf-8-sig")

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_bytes(text.encode())

    def changed_lines(self, base: str) -> dict[str, set[int]]:
        """By file, the lines that git says are not as they were in `base`, and those around lines that are gone."""
        lines, name = collections.defaultdict(set), ""
        for line in self.git("diff", "--unified=0", "--find-renames", "--histogram", "--no-prefix", base).splitlines():
            if line.startswith("+++ "):
                name = line[4:]
            elif hunk := re.match(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@", line):
                first, count = int(hunk[1]), int(hunk[2] or 1)
                lines[name].update(range(first, first + (count or 2)))
        return lines


def move_tests_down(source: str, tests: set[str]) -> str:
    """The same file, where each of these tests stands behind all else of its class or module."""
    for name in sorted(tests):
        scope = ast.parse(source)
        for part in name.split("::"):
            body = scope.body
            scope = next(node for node in body if getattr(node, "name", None) == part)
        first = min([scope.lineno, *(decorator.lineno for decorator in scope.decorator_list)])
        lines = source.splitlines(keepends=True)
        moved, end = lines[first - 1 : scope.end_lineno], body[-1].end_lineno
        source = "".join(lines[: first - 1] + lines[scope.end_lineno : end] + ["\n"] + moved + lines[end:])
    return source


class Table:
    """Rows of step, expected, seen, ok."""

    def __init__(self):
        self.rows: list[tuple[str, str, str, str]] = []
        self.faults: list[str] = []

    def compare(self, step: str, expected, seen, shown: tuple[str, str] | None = None, why: str = "") -> None:
        """`shown` stands in the table for what is compared."""
        is_same = expected == seen
        shown = shown or (str(expected), str(seen))
        self.rows.append((step, *(text if len(text) <= 60 else text[:59] + "…" for text in shown), "ok" if is_same else "NO"))
        if not is_same:
            self.faults.append(f"{step}: expected {shown[0]}, seen {shown[1]}{why}")
        print(f"{self.rows[-1][3]}  {step}", flush=True)

    def hints(self, step: str, expected: Hints, seen: Hints) -> None:
        why = listed("missing", expected - seen) + listed("not expected", seen - expected)
        self.compare(step, expected, seen, (worded(expected), worded(seen)), why)

    def check(self, step: str, expected: Hints, seen: Seen) -> None:
        """Exactly these hints, and the exit code that belongs to them."""
        self.hints(step, expected, seen.hints)
        code = 1 if expected else 0
        if seen.code != code:
            self.compare(f"{step}: exit", code, seen.code, why=f"\n    {seen.said.strip()}")

    def print(self) -> None:
        rows = [("step", "expected", "seen", "ok"), *self.rows]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        for row in rows:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


def worded(hints: Hints) -> str:
    count = hints.total()
    return f"{count} hint{'s' * (count != 1)}" if count else "no hints"


def listed(word: str, hints: Hints) -> str:
    """The first of these hints, a line for each."""
    all_of_them = sorted(map(str, hints.elements()))
    rest = [f"\n    {word}: {len(all_of_them) - ENOUGH} more"] if len(all_of_them) > ENOUGH else []
    return "".join([f"\n    {word}: {hint}" for hint in all_of_them[:ENOUGH]] + rest)
