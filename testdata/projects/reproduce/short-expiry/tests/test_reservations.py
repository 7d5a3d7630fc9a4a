import time

import stall


def test_is_held_for_a_moment():
    held = stall.Reservations()
    held.hold("apple", ttl=0.1)  # hint: [short-expiry]
    assert stall.label(["pear", "apple"] * 100_000)
    assert held.is_held("apple")
    time.sleep(0.2)
    assert not held.is_held("apple")
