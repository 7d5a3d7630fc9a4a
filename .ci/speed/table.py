"""One table for everything that is measured: a figure never stands without the number of hints it was measured with."""

import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """What one program needed for one thing, measured several times."""

    what: str
    program: str
    # What it found meanwhile: hints, diagnostics, findings; None where nothing is looked for.
    hints: int | None
    values: list[float]
    unit: str
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        return sorted(self.values)[min(len(self.values) - 1, int(0.95 * len(self.values)))]


HEAD = ["what", "program", "hints", "runs", "unit", "median", "p95", "worst", "÷ ours", ""]
WIDTHS = [44, 22, 6, 5, 4, 9, 9, 9, 8, 0]
LEFT = {0, 1, 4, 9}
OURS = "flakeless"


def show(rows: list[Row]) -> None:
    """Prints rows; the parts of a run print one after the other, in the same columns. The ratio is to our own median for
    the same thing: 20 means twenty times as much as we need."""
    ours = {row.what: row.median for row in rows if row.program == OURS and row.values}
    for line in [HEAD, *(cells(row, ours.get(row.what)) for row in rows)]:
        padded = (cell.ljust(width) if at in LEFT else cell.rjust(width) for at, (cell, width) in enumerate(zip(line, WIDTHS)))
        print("  ".join(padded).rstrip(), flush=True)
    print()


def cells(row: Row, ours: float | None) -> list[str]:
    hints = "-" if row.hints is None else str(row.hints)
    start = [row.what, row.program, hints, str(len(row.values)), row.unit]
    if not row.values:
        return [*start, "-", "-", "-", "-", row.note]
    ratio = f"{row.median / ours:.2f}" if ours else "-"
    spread = ["", ""] if len(row.values) == 1 else [number(row.p95), number(max(row.values))]
    return [*start, number(row.median), *spread, ratio, row.note]


def number(value: float) -> str:
    return f"{value:,.2f}" if abs(value) < 1000 else f"{value:,.0f}"
