import till


def test_bread_is_paid(basket):
    till.taken.append(len(basket))
    assert 1 in till.taken


def test_nothing_is_paid_at_first():
    assert till.taken == []
