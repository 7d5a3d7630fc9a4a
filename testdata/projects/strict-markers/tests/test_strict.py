from pathlib import Path

import pytest


@pytest.mark.slow
def test_cache_is_written():
    Path("/tmp/strict-cache").write_text("warm")  # hint: [unisolated-file]
    assert Path("/tmp/strict-cache").read_text() == "warm"


def test_cache_of_its_own(tmp_path):
    cache = tmp_path / "cache"
    cache.write_text("warm")
    assert cache.read_text() == "warm"
