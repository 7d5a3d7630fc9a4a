import time


def test_adds_up_quickly():
    started = time.perf_counter()
    total = sum(range(2_000_000))
    assert total > 0
    assert time.perf_counter() - started < 0.1  # hint: [elapsed-time-assertion]
