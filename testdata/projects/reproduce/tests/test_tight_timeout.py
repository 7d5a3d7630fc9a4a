import threading


def test_is_packed_in_time():
    packed = threading.Event()
    threading.Thread(target=lambda: (sum(range(5_000_000)), packed.set())).start()
    assert packed.wait(timeout=0.1)  # hint: [tight-timeout]
