import logging
import threading

import pytest

import stall


@pytest.fixture(scope="module")
def bell():
    stop = threading.Event()
    threading.Thread(target=stall.ring, args=(stop,)).start()
    yield
    stop.set()


def test_order_is_logged(bell, caplog):
    with caplog.at_level(logging.WARNING, logger="stall"):
        stall.order(["apple"])
    assert len(caplog.records) == 1  # hint: [unfiltered-capture]
