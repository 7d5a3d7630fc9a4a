"""What a run was asked for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    # Small inputs and few rounds.
    quick: bool
    parts: list[str]
