import threading
import time


def test_is_delivered():
    delivered = []
    courier = threading.Thread(target=lambda: delivered.append(sum(range(5_000_000))))
    courier.start()
    time.sleep(0.1)  # hint: [sleep-then-assert]
    assert delivered
