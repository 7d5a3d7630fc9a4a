"""`check` of the corpus, cold and warm, beside ruff.

What is timed is the whole process, from before it is made until after it is gone: the clock, user and system time on all
cores, and the most memory. Each package is a project of its own, so each gets a process of its own, of each program;
the times of a round are sums over packages, the memory is that of the largest. The programs take turns package by
package, after one run of each that nobody times (the files are in the system's cache then). Same threads for all; what
they print goes nowhere.

cold   we: without a cache. ruff: `--select PT,S108,ASYNC --no-cache`, its rules that come nearest to ours.
warm   we: with what the run before has kept. ruff: `--select ASYNC` with its cache; it keeps nothing of files in which
       it finds something, and with these rules that is hardly any.

ruff is given the very files to look at, and so need not walk the folders; we walk, and read what tests import too. Cold, it is
run in the folder as well, as a person runs it: then it reads the product, as we do of most of it.
"""

import json
import shutil
import subprocess
from collections import defaultdict
from dataclasses import dataclass

import packages
import peers
from options import Options
from process import Cost, run
from table import OURS, Row


@dataclass(frozen=True)
class Program:
    what: str
    name: str
    command: tuple[str, ...]
    # Paths are given to it one by one, not as a folder.
    takes_files: bool = False

    def on(self, package) -> list[str]:
        return [*self.command, *(packages.test_files(package) if self.takes_files else ["."])]


def programs() -> list[Program]:
    check = [str(peers.flakeless()), "check", "--output-format", "concise", "--exit-zero"]
    ruff = [str(peers.installed() / "ruff"), "check", "--isolated", "--output-format", "concise", "--exit-zero"]
    cold, warm = ["--select", "PT,S108,ASYNC", "--no-cache"], ["--select", "ASYNC", "--cache-dir", str(peers.WORK / "ruff-cache")]
    return [
        Program("cold check", OURS, (*check, *without_cache())),
        Program("cold check", "ruff check", (*ruff, *cold), takes_files=True),
        Program("cold check", "ruff check .", (*ruff, *cold)),
        Program("warm check", OURS, tuple(check)),
        Program("warm check", "ruff check", (*ruff, *warm), takes_files=True),
    ]


def without_cache() -> list[str]:
    """The flag for it, where there is a cache to be without."""
    told = subprocess.run([peers.flakeless(), "check", "--help"], check=True, capture_output=True, text=True).stdout
    return ["--no-cache"] if "--no-cache" in told else []


def measure(options: Options) -> list[Row]:
    quick = options.quick
    for folder in ("cache", "ruff-cache"):
        shutil.rmtree(peers.WORK / folder, ignore_errors=True)
    chosen = packages.few() if quick else packages.packages()
    rounds = 1 if quick else 3
    return rows_of(programs(), chosen, rounds)


def rows_of(all_programs: list[Program], chosen, rounds: int) -> list[Row]:
    found = {program: [look(program, package) for package in chosen] for program in all_programs}
    costs: dict[Program, list[list[Cost]]] = defaultdict(list)
    for _ in range(rounds):
        turn = [[run(program.on(package), package, peers.threads()) for program in all_programs] for package in chosen]
        for program, of_packages in zip(all_programs, zip(*turn)):
            costs[program].append(list(of_packages))
    rows = []
    for what, unit, of in (("wall", "s", lambda c: c.wall), ("CPU", "s", lambda c: c.cpu), ("peak memory", "MB", lambda c: c.peak)):
        together = max if unit == "MB" else sum
        for program in all_programs:
            values = [together(of(cost) for cost in turn) for turn in costs[program]]
            hints, files = (sum(counts) for counts in zip(*found[program]))
            rows.append(Row(f"{program.what}, {what}", program.name, hints, values, unit, f"{files:,} files"))
    failed = {cost.status for turns in costs.values() for turn in turns for cost in turn} - {0}
    if failed:
        raise SystemExit(f"a program failed: exit {failed}")
    return rows


def look(program: Program, package) -> tuple[int, int]:
    """How much it finds, in how many files it looks. Untimed; fills the caches."""
    if program.name == OURS:
        command = ["json" if part == "concise" else part for part in program.on(package)]
        report = json.loads(subprocess.run(command, cwd=package, env=peers.threads(), check=True, capture_output=True).stdout)
        return len(report["hints"]), report["files"]
    lines = subprocess.run(program.on(package), cwd=package, check=True, capture_output=True, text=True).stdout.splitlines()
    files = packages.test_files(package) if program.takes_files else packages.python_files(package)
    return sum(":" in line and not line.startswith("warning") for line in lines), len(files)
