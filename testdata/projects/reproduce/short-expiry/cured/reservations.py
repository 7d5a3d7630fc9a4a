import stall


def test_is_held_for_a_moment():
    now = 0
    held = stall.Reservations(clock=lambda: now)
    held.hold("apple", ttl=10)
    assert stall.label(["pear", "apple"] * 100_000)
    assert held.is_held("apple")
    now = 20
    assert not held.is_held("apple")
