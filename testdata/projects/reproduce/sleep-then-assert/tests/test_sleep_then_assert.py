import threading
import time


def deliver(delivered):
    for _ in range(2_000_000):
        pass
    delivered.append("apple")


def test_is_delivered():
    delivered = []
    threading.Thread(target=deliver, args=(delivered,)).start()
    time.sleep(0.1)  # hint: [sleep-then-assert]
    assert delivered
