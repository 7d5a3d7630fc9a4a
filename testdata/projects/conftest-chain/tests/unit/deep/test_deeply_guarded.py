import till


def test_three_things_are_paid(basket):
    till.taken.append(len(basket))
    assert till.taken == [3]


def test_nothing_is_paid_at_first():
    assert till.taken == []
