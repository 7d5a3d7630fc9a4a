"""What CPython and `ruff format` say of a file, for the scripts beside it."""

import pathlib
import subprocess
import warnings
from dataclasses import dataclass

RUFF = "ruff==0.17.6"


@dataclass(frozen=True)
class File:
    """A Python file as it is: whether CPython and `ruff format` are content with it."""

    path: pathlib.Path

    def error(self) -> str | None:
        try:
            with warnings.catch_warnings(action="ignore"):
                compile(self.path.read_bytes(), self.path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            return str(error)
        return None

    def is_formatted(self, ruff: pathlib.Path) -> bool:
        command = [ruff, "format", "--check", "--quiet", "--no-cache", self.path.name]
        return subprocess.run(command, cwd=self.path.parent, capture_output=True).returncode == 0
