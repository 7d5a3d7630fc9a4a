import gc

import stall


def test_is_freed():
    basket = stall.Basket()
    del basket
    assert not [thing for thing in gc.get_objects() if isinstance(thing, stall.Basket)]  # hint: [gc-dependent-assertion]


def test_is_filled():
    assert stall.fill("apple") == 1
