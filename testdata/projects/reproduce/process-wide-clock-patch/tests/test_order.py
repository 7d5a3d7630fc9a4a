from unittest.mock import patch

import pytest

import stall
from bell import Bell


@pytest.fixture(scope="module")
def bell():
    bell = Bell()
    bell.start()
    yield bell
    bell.stop()


def away(labels):
    raise OSError


def test_waits_between_tries(bell):
    with patch("stall.time.sleep") as sleep:
        stall.order(["pear", "apple"] * 20_000, away)
    assert sleep.call_count == 3  # hint: [process-wide-clock-patch]
