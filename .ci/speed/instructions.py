"""What the processor does for one keystroke in a large file and for one file read cold, compared with the merge base.

Instructions, not time: callgrind counts them, the same at every run of one binary, whatever else the machine does. The
engine runs in this process on one thread; its tables hash with fixed seeds. A case is run some number of times and no
times, so that what is set up before it is taken away. Fails where a count is more than 5 % over the merge base's, which
is built in a worktree of its own with the same compiler, and reads the same input.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass

import peers
import suite
import table
from options import Options
from suites import ROOT
from table import OURS, Row

BENCH = "server/analysis/benches/instructions.rs"
# More is a failure.
ALLOWED = 1.05
# Two runs of one binary may differ by this share.
SAME = 0.001
FAILED = "FAILED"


@dataclass(frozen=True)
class Case:
    name: str
    times: int


CASES = [Case("keystroke", 20), Case("cold", 2)]


def measure(options: Options) -> list[Row]:
    if shutil.which("valgrind") is None:
        sys.exit("no valgrind: apt-get install valgrind")
    source = peers.WORK / "suite.py.txt"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(suite.text(40, 10) if options.quick else suite.text(250, 50))
    commit = revision(options.base)
    binary, base = built(ROOT), of_base(commit)
    if base is None:
        print(f"{commit[:7]} has no {BENCH} yet: nothing to compare with")
    rows = [row for case in CASES for row in compared(case, source, binary, base, f"base {commit[:7]}")]
    if any(row.note.startswith(FAILED) for row in rows):
        table.show(rows)
        sys.exit("instructions: see above")
    return rows


def compared(case: Case, source: pathlib.Path, binary: pathlib.Path, base: pathlib.Path | None, name: str) -> list[Row]:
    """Our row, and the base's if there is one; what is wrong is ours' note."""
    what = f"instructions, {case.name}"
    hints, count = counted(binary, case, source)
    _, again = counted(binary, case, source)
    note, rows = "", []
    if base is not None:
        base_hints, base_count = counted(base, case, source)
        rows.append(Row(what, name, base_hints, [base_count / 1e6], "M"))
        note = f"{count / base_count - 1:+.2%}"
        if count > ALLOWED * base_count:
            note = f"{FAILED}: {note}"
    if abs(again - count) > SAME * count:
        note = f"{FAILED}: {again / count - 1:+.2%} in a second run of the same program {note}"
    return [Row(what, OURS, hints, [count / 1e6], "M", note), *rows]


def revision(base: str) -> str:
    """The commit where HEAD left `base`; where it did not leave it and nothing is changed, the one before."""
    commit = git("merge-base", "HEAD", base)
    unchanged = subprocess.run(["git", "diff", "--quiet", "HEAD"], cwd=ROOT).returncode == 0
    return git("rev-parse", "HEAD^") if unchanged and commit == git("rev-parse", "HEAD") else commit


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def of_base(commit: str) -> pathlib.Path | None:
    """The bench of that commit; None where it has none."""
    if subprocess.run(["git", "cat-file", "-e", f"{commit}:{BENCH}"], cwd=ROOT, capture_output=True).returncode:
        return None
    tree = peers.WORK / "base"
    if tree.exists():
        subprocess.run(["git", "checkout", "--quiet", "--detach", commit], cwd=tree, check=True)
    else:
        subprocess.run(["git", "worktree", "add", "--quiet", "--force", "--detach", tree, commit], cwd=ROOT, check=True)
    return built(tree)


def built(tree: pathlib.Path) -> pathlib.Path:
    """The bench, optimised as a release is. Each tree has its own folder for it."""
    print(f"building {tree / BENCH}", file=sys.stderr, flush=True)
    command = ["cargo", "bench", "--no-run", "--locked", "-p", "flakeless-analysis", "--bench", "instructions"]
    environment = {name: value for name, value in os.environ.items() if name != "CARGO_TARGET_DIR"}
    done = subprocess.run(command, cwd=tree, env=environment, check=True, stderr=subprocess.PIPE, text=True)
    executable = re.search(r"Executable .*\((.*)\)", done.stderr)
    if executable is None:
        sys.exit(f"cargo names no program:\n{done.stderr}")
    return (tree / executable.group(1)).resolve()


def counted(binary: pathlib.Path, case: Case, source: pathlib.Path) -> tuple[int, float]:
    """Hints, and instructions for one time."""
    hints, many = callgrind(binary, case.name, source, case.times)
    _, none = callgrind(binary, case.name, source, 0)
    return hints, (many - none) / case.times


def callgrind(binary: pathlib.Path, case: str, source: pathlib.Path, times: int) -> tuple[int, int]:
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", binary, case, source, str(times)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    collected = re.search(r"Collected : (\d+)", done.stderr)
    if collected is None:
        sys.exit(f"valgrind counted nothing:\n{done.stderr}")
    return int(done.stdout), int(collected.group(1))
