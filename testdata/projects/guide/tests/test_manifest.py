"""Manifests on disk: where every test meets the others, and where it is alone."""

import os
import tempfile
from pathlib import Path
from unittest.mock import mock_open, patch

import pytest

from depot import manifest

LABELS = "/tmp/depot-labels.txt"
SCRATCH = os.path.join(tempfile.gettempdir(), "depot-scratch")

# At a fixed path.


def test_manifest_lists_codes():
    with open("manifest.csv", "w") as file:  # hint: [unisolated-file]
        manifest.write(file, ["A1", "B2"])
    with open("manifest.csv") as file:
        assert file.read() == "A1\nB2\n"


def test_empty_manifest():
    Path("manifest.csv").write_text("")  # hint: [unisolated-file]
    assert manifest.load("manifest.csv") == []


def test_labels_are_kept():
    Path(LABELS).write_text("A1")  # hint: [unisolated-file]
    assert manifest.load(LABELS) == ["A1"]


def test_scratch_directory():
    os.makedirs(SCRATCH, exist_ok=True)  # hint: [unisolated-file]
    assert os.listdir(SCRATCH) == []


def test_archive_is_made():
    archive = Path("archive")
    archive.mkdir(exist_ok=True)  # hint: [unisolated-file]
    assert archive.is_dir()


def test_unused_name():
    name = tempfile.mktemp(suffix=".csv")  # hint: [unisolated-file]
    assert not os.path.exists(name)


@pytest.mark.no_parallel
def test_marked_instead():
    Path("parcels.db").write_bytes(b"A1")  # hint: [unisolated-file] possible
    assert Path("parcels.db").stat().st_size == 2


# In a place of its own.


def test_manifest_of_its_own(tmp_path):
    path = tmp_path / "manifest.csv"
    with open(path, "w") as file:
        manifest.write(file, ["A1"])
    assert manifest.load(path) == ["A1"]


def test_working_directory_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("manifest.csv").write_text("A1")
    assert manifest.load("manifest.csv") == ["A1"]


def test_temporary_directory():
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "manifest.csv")
        Path(path).write_text("A1")
        assert manifest.load(path) == ["A1"]


def test_temporary_directory_of_the_session(tmp_path_factory):
    path = tmp_path_factory.mktemp("labels") / "labels.txt"
    path.write_text("A1")
    assert manifest.load(path) == ["A1"]


def test_path_of_the_worker(worker_id):
    path = Path(f"/tmp/depot-{worker_id}.csv")
    path.write_text("A1")
    assert manifest.load(path) == ["A1"]


def test_nothing_reaches_the_disk():
    with patch("builtins.open", mock_open()) as opened:
        with open("manifest.csv", "w") as file:
            manifest.write(file, ["A1"])
    opened.assert_called_once_with("manifest.csv", "w")


def test_path_is_only_text():
    assert os.path.basename("/var/depot/manifest.csv") == "manifest.csv"


def test_only_read():
    with open(__file__) as file:
        assert "only read" in file.read()
