"""What a run was asked for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    # Small inputs and few rounds.
    quick: bool
    # What instructions are compared with: the commit where HEAD left this one.
    base: str
    parts: list[str]
