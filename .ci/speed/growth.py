"""How the times grow with what there is.

file       a keystroke in 1, 2, 4, 8 times the large file, always with 50 hints of ours; beside us ruff,
           whose findings grow with the copies
corpus     the CPU time of a cold check of a quarter, a half and all of the corpus's packages, and of a MB of test files
conftests  a keystroke in a test file that lies 1, 2, 4, 8 folders deep with a conftest in each, whose every test uses
           a fixture of each; and one in the outermost conftest, until the test file's hints are known again
"""

import shutil
import time

import checks
import inputs
import keystrokes
import packages
import peers
from edits import Edit, typed
from options import Options
from table import OURS, Row
from typist import Typist


def measure(options: Options) -> list[Row]:
    quick = options.quick
    return [*of_file(quick), *of_corpus(quick), *of_conftests(quick)]


def of_file(quick: bool) -> list[Row]:
    path = inputs.large().path
    servers = [peers.ours(**{"max-file-size": "64 MB"}), *(peer for peer in peers.servers() if peer.name == "ruff server")]
    rows = []
    for copies in (1, 2) if quick else (1, 2, 4, 8):
        file = inputs.with_bad_tests(path, 50, copies)
        what = f"keystroke, {copies}× the file: {file.text.count(chr(10)):,} lines"
        rows += keystrokes.typed_into(what, file, 1 if quick else 5, 60, kinds=False, servers=servers)
    return rows


def of_corpus(quick: bool) -> list[Row]:
    cold = [program for program in checks.programs() if program.what == "cold check"]
    parts = {"¼": packages.share(4), "½": packages.share(2), "all": packages.packages()}
    if quick:
        parts = {"two packages": packages.few()[:2], "four": packages.few()[:4]}
    rows = []
    for name, chosen in parts.items():
        megabytes = sum(packages.size(package) for package in chosen) / 1e6
        for row in checks.rows_of(cold, chosen, rounds=1):
            if not row.what.endswith("CPU"):
                continue
            what = f"check of the corpus, {name}: {megabytes:.1f} MB"
            rows.append(Row(what, row.program, row.hints, row.values, row.unit, f"{1000 * row.median / megabytes:.1f} ms/MB, {row.note}"))
    return rows


def of_conftests(quick: bool) -> list[Row]:
    rows = []
    for levels in (1, 2) if quick else (1, 2, 4, 8):
        top, file = nested(levels)
        with Typist(peers.ours(), file, [top]) as typist:
            typist.settle()
            times = keystrokes.take_turns([typist], typed(file, 3 if quick else 11), 60)[OURS]
            rows.append(keystrokes.row(f"keystroke, {levels} conftests above", typist, times))
            above = in_conftest(typist, top / "conftest.py", 10 if quick else 50)
            rows.append(Row(f"keystroke in the outermost of {levels} conftests", OURS, typist.shown, above, "ms"))
    return rows


def nested(levels: int):
    """Folders in one another, each with a conftest, and the test file in the innermost. Gives the outermost folder."""
    top = peers.WORK / "conftests" / str(levels)
    shutil.rmtree(top, ignore_errors=True)
    folder = top
    for level in range(levels):
        folder.mkdir(parents=True)
        (folder / "conftest.py").write_text(conftest(level))
        (folder / "__init__.py").touch()
        innermost, folder = folder, folder / f"level_{level + 1}"
    (top / "pytest.ini").write_text("[pytest]\n")
    names = ", ".join(f"level_{level}" for level in range(levels))
    plain = "".join(f"def test_level_{n}({names}):\n    assert ({names},)\n\n\n" for n in range(200))
    path = innermost / "test_levels.py"
    path.write_text(f"from __future__ import annotations\n\n\n{plain}")
    return top, inputs.with_bad_tests(path, 50)


def conftest(level: int) -> str:
    asked = f"level_{level - 1}" if level else ""
    return f"import os\n\nimport pytest\n\n\n@pytest.fixture\ndef level_{level}({asked}):\n    os.environ['LEVEL'] = '{level}'\n    yield {level}\n    del os.environ['LEVEL']\n"


def in_conftest(typist: Typist, path, count: int) -> list[float]:
    """A line put into the fixture and taken out again; then a question about the test file, which is answered behind it."""
    uri = path.as_uri()
    typist.open(uri, path.read_text())
    typist.settle()
    edits = [Edit("line", (7, 0), (7, 0), "    os.environ['MORE'] = '1'\n"), Edit("line", (7, 0), (8, 0), "")]
    question = {"textDocument": {"uri": typist.uri}, "position": {"line": 0, "character": 0}}
    times = []
    for version in range(2, count + 2):
        document = {"uri": uri, "version": version}
        sent = typist.server.notify(
            "textDocument/didChange", {"textDocument": document, "contentChanges": [edits[version % 2].change]}
        )
        answered, _ = typist.server.request("textDocument/hover", question)
        times.append(1000 * (answered - sent))
        time.sleep(0.005)
    return times
