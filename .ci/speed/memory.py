"""What the server holds: with the whole corpus as its workspace and the hints of all files shown, and after many edits.

Every package is a workspace folder, as an editor has them. "Open" is when the server has been idle for two seconds
after it has shown what it found; then come a few keystrokes in a large file, with all the other files to look at again.
A second server, which shows the hints of open files only, is typed into thousands of times, each edit's hints are
waited for, and no text but undone ones comes twice: what a session of days would leave behind shows there.
"""

import pathlib
import time

import inputs
import keystrokes
import packages
import peers
from edits import typed
from options import Options
from table import OURS, Row
from typist import Typist

# Longer than this nobody waits for hints of closed files.
PATIENCE = 900


def measure(options: Options) -> list[Row]:
    file = inputs.large()
    chosen = sorted({file.folder, *(packages.few() if options.quick else packages.packages())})
    return [*of_workspace(file, chosen, options.quick), *of_edits(file, chosen, options.quick)]


def of_workspace(file: inputs.Input, chosen, quick: bool) -> list[Row]:
    with Typist(peers.ours(**{"diagnostic-mode": "workspace"}), file, folders=chosen) as typist:
        seconds, counts = idle(typist)
        hints = sum(counts.values())
        files = sum(len(packages.test_files(package)) for package in chosen)
        what = f"workspace of {len(chosen)} packages"
        late = "" if seconds is not None else f"; still at work after {PATIENCE} s"
        rows = [
            *memory(what, typist, hints, f"{files:,} test files{late}"),
            Row(f"{what}, until idle", OURS, hints, [PATIENCE if seconds is None else seconds], "s"),
            Row(f"{what}, CPU until idle", OURS, hints, [typist.cpu() / 1000], "s"),
        ]
        times = keystrokes.take_turns([typist], typed(file, 2 if quick else 4), 120)[OURS]
        return [*rows, keystrokes.row(f"{what}, keystroke", typist, times)]


def of_edits(file: inputs.Input, chosen, quick: bool) -> list[Row]:
    rows = []
    with Typist(peers.ours(), file, folders=chosen) as typist:
        idle(typist)
        total = 500 if quick else 10_000
        for number, edit in enumerate(typed(file, total // 10), 1):
            typist.type(edit)
            if number in (10, total // 10, total):
                rows += memory(f"after {number:,} edits", typist, typist.shown)
    held = [row.median for row in rows if row.what.endswith(", RSS")]
    return [*rows, Row("growth by edits, RSS", OURS, rows[-1].hints, [held[-1] / held[0]], "×")]


def idle(typist: Typist) -> tuple[float | None, dict[str, int]]:
    """Seconds until the process used no time any more, None if it still did at the end; hints by file."""
    start, counts = time.perf_counter(), {}
    last, since = typist.cpu(), start
    while (now := time.perf_counter()) < start + PATIENCE:
        time.sleep(0.2)
        while not typist.server.published.empty():
            typist.take(publication := typist.server.published.get())
            _, params = publication
            counts[params["uri"]] = len(params["diagnostics"])
        if (used := typist.cpu()) > last:
            last, since = used, now
        elif now - since > 2:
            return since - start, counts
    return None, counts


def memory(what: str, typist: Typist, hints: int | None, note: str = "") -> list[Row]:
    process = pathlib.Path(f"/proc/{typist.server.process.pid}")
    status, rollup = fields(process / "status"), fields(process / "smaps_rollup")
    return [
        Row(f"{what}, RSS", OURS, hints, [status["VmRSS"] / 1024], "MB", note),
        Row(f"{what}, PSS", OURS, hints, [rollup["Pss"] / 1024], "MB"),
        Row(f"{what}, peak RSS", OURS, hints, [status["VmHWM"] / 1024], "MB"),
    ]


def fields(path: pathlib.Path) -> dict[str, int]:
    """The values in kB."""
    lines = (line.split() for line in path.read_text().splitlines() if line.endswith(" kB"))
    return {line[0].rstrip(":"): int(line[1]) for line in lines}
