"""The packages of the corpus, and the files of each that pytest would look at."""

import pathlib

from suites import CORPUS

# What our setting `exclude` leaves out by itself.
LEFT_OUT = {".venv", "venv", "node_modules", ".tox", ".nox", "build", "dist", "site-packages"}


def packages() -> list[pathlib.Path]:
    return sorted(folder for folder in CORPUS.iterdir() if folder.is_dir() and not folder.name.startswith("."))


def test_files(package: pathlib.Path) -> list[str]:
    """What pytest takes for a test file or conftest where nothing is configured, as paths in the package. Where a
    package configures other names, we look at a few files more or less: both counts are printed."""
    return found(package, "test_*.py", "*_test.py", "conftest.py")


def python_files(package: pathlib.Path) -> list[str]:
    """All of them, as paths in the package."""
    return found(package, "*.py")


def found(package: pathlib.Path, *patterns: str) -> list[str]:
    paths = (path.relative_to(package) for pattern in patterns for path in package.rglob(pattern))
    return sorted({str(path) for path in paths if not LEFT_OUT.intersection(path.parts)})


def share(part: int) -> list[pathlib.Path]:
    """Every `part`th package by size, so that the sizes of the shares are near to theirs in number."""
    return sorted(by_size()[part // 2 :: part])


def few() -> list[pathlib.Path]:
    """Some of the smaller half: enough to see that a measurement works."""
    half = by_size()[len(packages()) // 2 :]
    return sorted(half[::5])


def by_size() -> list[pathlib.Path]:
    return sorted(packages(), key=lambda package: (-size(package), package.name))


def size(package: pathlib.Path) -> int:
    """Bytes of test files."""
    return sum((package / path).stat().st_size for path in test_files(package))
