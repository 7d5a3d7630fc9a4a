"""From a keystroke to the hints it leaves, in a large and in a small file, beside other servers.

The servers take turns edit by edit, so that whatever else the machine does meets all of them. One that has used up its
minutes sits out the rest: its row says from how many edits its figures are.
"""

import inputs
import peers
from contextlib import ExitStack
from edits import KINDS, Edit, typed
from options import Options
from table import OURS, Row
from typist import Typist


def measure(options: Options) -> list[Row]:
    quick = options.quick
    rows = []
    for size, file in (("large", inputs.large()), ("small", inputs.small())):
        lines = file.text.count("\n")
        rows += typed_into(f"keystroke, {lines:,} lines", file, rounds=2 if quick else 20, seconds=10 if quick else 90, kinds=size == "large")
    return rows


def typed_into(what: str, file: inputs.Input, rounds: int, seconds: float, kinds: bool, servers=None) -> list[Row]:
    """One row for each server; with `kinds` one for each kind of edit as well, of us and of ruff."""
    with ExitStack() as stack:
        typists = [stack.enter_context(Typist(peer, file)) for peer in servers or peers.servers()]
        for typist in typists:
            typist.settle()
        before = [typist.cpu() for typist in typists]
        times = take_turns(typists, typed(file, rounds + 1), seconds)
        used = [typist.cpu() - start for typist, start in zip(typists, before)]
    rows = [row(what, typist, times[typist.peer.name]) for typist in typists]
    for typist, cpu in zip(typists, used):
        name = typist.peer.name
        rows.append(Row(f"{what}, CPU", name, typist.shown, [cpu / len(times[name])], "ms"))
    if kinds:
        for kind in KINDS:
            chosen = [typist for typist in typists if typist.peer.name in (OURS, "ruff server")]
            rows += [row(f"… {kind}", typist, times[typist.peer.name], kind) for typist in chosen]
    return rows


def take_turns(typists: list[Typist], edits: list[Edit], seconds: float) -> dict[str, list[tuple[str, float | None]]]:
    """What each edit took, by server. A server whose time is over stops after the undoing of an edit."""
    times = {typist.peer.name: [] for typist in typists}
    used = dict.fromkeys(times, 0.0)
    for number, edit in enumerate(edits):
        for typist in typists:
            name = typist.peer.name
            if number > len(times[name]) or (number % 2 == 0 and used[name] > 1000 * seconds):
                continue
            took = typist.type(edit)
            times[name].append((edit.kind, took))
            used[name] += took if took is not None else 1000 * seconds
    return times


def row(what: str, typist: Typist, times: list[tuple[str, float | None]], kind: str | None = None) -> Row:
    """What the edits took that are of a kind, or all but undoing. The first round is not what a person feels all day; it
    counts only for a server that came no further."""
    warm = times[10:]
    asked = [took for of, took in warm or times if of == kind or (kind is None and of != "undo")]
    took = [took for took in asked if took is not None]
    notes = [f"{len(asked) - len(took)} not answered"] if len(took) < len(asked) else []
    notes += [] if warm else ["its first edits"]
    return Row(what, typist.peer.name, typist.shown, took, "ms", ", ".join(notes))
