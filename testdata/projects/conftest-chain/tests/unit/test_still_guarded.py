import till


def test_bread_and_milk_are_paid(basket):
    till.taken.append(len(basket))
    assert till.taken == [2]


def test_nothing_is_paid_at_first():
    assert till.taken == []
