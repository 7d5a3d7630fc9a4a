import threading


def pack(packed):
    for _ in range(2_000_000):
        pass
    packed.set()


def test_is_packed_in_time():
    packed = threading.Event()
    threading.Thread(target=pack, args=(packed,)).start()
    assert packed.wait(timeout=0.1)  # hint: [tight-timeout]
