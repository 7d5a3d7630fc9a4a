"""The files that are typed into: real ones of the corpus, with bad tests of our own put between their tests."""

import pathlib
import re
import sys
import textwrap
from dataclasses import dataclass

from suites import CORPUS

IMPORTS = "import os\nimport pathlib\nimport threading\nimport time\n"

# Each gives one hint of ours, and ruff nothing.
BAD = [
    """
    def test_writes_{n}({first}):
        report = pathlib.Path("/tmp/report-{n}.txt")
        written = report.write_text("{n}")
        assert written == len("{n}")
    """,
    """
    def test_is_quick_{n}({first}):
        began = time.perf_counter()
        total = sum(range({n} + 1))
        assert total >= 0
        assert time.perf_counter() - began < 0.5
    """,
    """
    def test_sets_variable_{n}({first}):
        os.environ["FLAKY_{n}"] = "on"
        assert os.environ["FLAKY_{n}"] == "on"
    """,
    """
    def test_lists_{n}({first}tmp_path):
        (tmp_path / "a").touch()
        (tmp_path / "b").touch()
        assert os.listdir(tmp_path) == ["a", "b"]
    """,
    """
    def test_waits_{n}({first}):
        done = []
        threading.Thread(target=done.append, args=({n},)).start()
        time.sleep(0.1)
        assert done == [{n}]
    """,
]


@dataclass(frozen=True)
class Input:
    """A text that an editor has open as `path`, and the line of it where we type, which has a hint."""

    path: pathlib.Path
    text: str
    line: int

    @property
    def folder(self) -> pathlib.Path:
        """The package of the corpus."""
        return CORPUS / self.path.relative_to(CORPUS).parts[0]


def large() -> Input:
    return with_bad_tests(found("xarray-*/xarray/tests/test_dataset.py"), 50)


def small() -> Input:
    return with_bad_tests(found("xarray-*/xarray/tests/test_parallelcompat.py"), 5)


def found(pattern: str) -> pathlib.Path:
    paths = sorted(CORPUS.glob(pattern))
    if not paths:
        sys.exit(f"no {pattern} in {CORPUS}: .ci/corpus fetch xarray")
    return paths[0]


def with_bad_tests(path: pathlib.Path, count: int, copies: int = 1) -> Input:
    """The file's text, its tests and classes `copies` times under other names, with bad tests spread over it."""
    lines = repeated(path.read_text(), copies).split("\n")
    places = [at for at, line in enumerate(lines) if takes_a_test(lines, at)]
    chosen = {places[(2 * index + 1) * len(places) // (2 * count)]: index for index in range(count)}
    middle = count // 2
    out, typed = [], 0
    for at, line in enumerate(lines):
        if at in chosen:
            index = chosen[at]
            # The one that is typed into is the first kind.
            new = bad_test(index, 0 if index == middle else index % len(BAD), line.startswith(" "))
            if index == middle:
                typed = len(out) + next(i for i, l in enumerate(new) if "written =" in l)
            out += new
        out.append(line)
        if line.startswith("from __future__"):
            out += IMPORTS.rstrip().split("\n")
    return Input(path, "\n".join(out), typed)


def takes_a_test(lines: list[str], at: int) -> bool:
    return lines[at - 1] == "" and re.match(r"def test_|    def test_\w+\(self", lines[at]) is not None


def bad_test(index: int, kind: int, in_class: bool) -> list[str]:
    needs_more = "{first}tmp_path" in BAD[kind]
    first = ("self, " if needs_more else "self") if in_class else ""
    text = textwrap.dedent(BAD[kind]).strip("\n").format(n=index, first=first)
    return [*textwrap.indent(text, "    " if in_class else "").split("\n"), *[""] * (1 if in_class else 2)]


def repeated(text: str, copies: int) -> str:
    """What follows the imports again and again; names of top-level tests and classes get a number."""
    start = re.search(r"^(@|def |class |async def )", text, re.MULTILINE).start()
    head, body = text[:start], text[start:]
    again = (re.sub(r"^((?:async )?def|class) (\w+)", rf"\1 \2_{copy}", body, flags=re.MULTILINE) for copy in range(1, copies))
    return "\n\n".join([head + body, *again])
