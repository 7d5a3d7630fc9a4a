ORDERS = []


def test_order():
    ORDERS.append("apple")


def test_order_is_kept():
    assert ORDERS[-1] == "apple"  # hint: [reads-other-tests-state]
