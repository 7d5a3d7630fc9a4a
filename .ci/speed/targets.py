"""What we want to be, held against what was measured."""

from dataclasses import dataclass

from table import OURS, Row


@dataclass(frozen=True)
class Target:
    words: str
    # The row that is looked at, by how it begins and ends, and the other program's for the same thing; None: the figure.
    begins: str
    ends: str
    other: str | None
    # The other's figure divided by ours at least, or our figure at most.
    wanted: float

    def seen(self, rows: list[Row]) -> str | None:
        """None where it was not measured."""
        ours = self.median(rows, OURS)
        theirs = self.median(rows, self.other) if self.other else None
        if ours is None or (self.other and theirs is None):
            return None
        value = theirs / ours if theirs is not None else ours
        met = value >= self.wanted if self.other else value <= self.wanted
        return f"{'met   ' if met else 'MISSED'}  {self.words}: {value:,.2f}{'×' if self.other else ''}"

    def median(self, rows: list[Row], program: str) -> float | None:
        fits = (row for row in rows if row.program == program and row.what.startswith(self.begins) and row.what.endswith(self.ends) and row.values)
        return next((row.median for row in fits), None)


TARGETS = [
    Target("keystroke in the large file at least 20 times as fast as ruff server", "keystroke, 8", "lines", "ruff server", 20),
    Target("cold check no slower than ruff", "cold check, wall", "", "ruff check", 1),
    Target("warm check no slower than ruff's with its cache", "warm check, wall", "", "ruff check", 1),
    Target("the corpus as a workspace in less than 200 MB", "workspace of", "packages, RSS", None, 200),
    Target("memory after the last edit at most 1.05 times that after ten", "growth by edits", "", None, 1.05),
]


def show(rows: list[Row]) -> None:
    for target in TARGETS:
        if seen := target.seen(rows):
            print(seen)
