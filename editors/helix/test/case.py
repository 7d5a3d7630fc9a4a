"""What the tests in Helix share: one Helix for each, and what `flakeless check` says of a file."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from helix import EXPECTED, GUIDE, Helix


class HelixCase(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory(prefix="hx-")
        self.addCleanup(scratch.cleanup)
        self.helix = Helix(pathlib.Path(scratch.name))
        self.addCleanup(self.helix.close)

    def open(self, *arguments: str):
        return self.helix.open(*arguments)

    def saved_as(self, name: str, before: bytes, difference: str) -> None:
        """The saved file is what the difference makes of it, to the byte."""
        self.assertEqual((self.helix.project / name).read_bytes(), patched(name, before, difference))


def patched(name: str, before: bytes, difference: str) -> bytes:
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory) / name
        path.parent.mkdir(parents=True)
        path.write_bytes(before.replace(b"\r\n", b"\n"))
        patch = ["git", "apply", "-p0", str(EXPECTED / difference)]
        subprocess.run(patch, cwd=directory, env=os.environ | {"GIT_CEILING_DIRECTORIES": directory}, check=True)
        after = path.read_bytes()
        return after.replace(b"\n", b"\r\n") if b"\r\n" in before else after


def original(name: str) -> bytes:
    return (GUIDE / name).read_bytes()


def checked(project: pathlib.Path, name: str) -> list[dict]:
    """The hints of a file as the command line says them, in their order there."""
    command = ["flakeless", "check", "--exit-zero", "--output-format", "json", "--min-confidence", "possible", name]
    return json.loads(subprocess.run(command, cwd=project, check=True, capture_output=True).stdout)["hints"]
