"""The programs beside which we are measured: pinned, installed into target/speed, told to say as much as we do."""

import os
import pathlib
import sys
from dataclasses import dataclass, field

from files import RUFF
from suites import ROOT, environment

WORK = ROOT / "target/speed"
PINS = [RUFF, "ty==0.0.108", "pytest-language-server==0.24.0", "python-lsp-server[pycodestyle,pyflakes]==1.15.0"]


@dataclass(frozen=True)
class Peer:
    """A language server and what it is told at the start."""

    name: str
    command: list[str]
    options: dict = field(default_factory=dict)


def installed() -> pathlib.Path:
    """The folder with the programs."""
    return environment(PINS).parent


def threads() -> dict[str, str]:
    """The environment in which every program has the same threads and a cache of its own below target/speed."""
    count = os.environ.get("RAYON_NUM_THREADS", str(os.cpu_count()))
    return {**os.environ, "RAYON_NUM_THREADS": count, "XDG_CACHE_HOME": str(WORK / "cache")}


def flakeless() -> pathlib.Path:
    """The binary to measure: $FLAKELESS, or the release build."""
    binary = pathlib.Path(os.environ.get("FLAKELESS", ROOT / "target/release/flakeless")).resolve()
    if not binary.is_file():
        sys.exit(f"no {binary}: cargo build --release")
    return binary


def ours(**settings) -> Peer:
    return Peer("flakeless", [str(flakeless()), "server"], settings)


def servers() -> list[Peer]:
    """We first. ruff's rules are those about pytest's style, which find 51 things in the large file, as we do 50;
    what the others find is printed. pylsp waits half a second for the next key before it looks: that is in its times, since people wait for it too."""
    folder = installed()
    ruff = {"settings": {"configurationPreference": "editorOnly", "lint": {"select": ["PT"]}}}
    return [
        ours(),
        Peer("ruff server", [str(folder / "ruff"), "server"], ruff),
        Peer("ty server", [str(folder / "ty"), "server"]),
        Peer("pytest-language-server", [str(folder / "pytest-language-server")]),
        Peer("pylsp", [str(folder / "pylsp")]),
    ]
