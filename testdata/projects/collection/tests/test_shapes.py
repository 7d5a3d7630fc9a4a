import sys
import unittest

import booking


def test_twice():
    booking.book("first")
    raise AssertionError


def test_twice():
    assert True


def test_replaced_by_none():
    raise AssertionError


test_replaced_by_none = None


if sys.version_info >= (3,):

    def test_under_a_condition():
        assert True

    class TestUnderACondition:
        def test_in_it(self):
            assert True


try:
    import surely_not_installed
except ImportError:
    surely_not_installed = None

    def test_without_the_extra():
        assert surely_not_installed is None


class TestOuter:
    class TestInner:
        def test_deep(self):
            assert True

        class Helper:
            def test_not_a_test_class(self):
                raise AssertionError

    if sys.version_info >= (3,):

        def test_method_under_a_condition(self):
            assert True

    @staticmethod
    def test_static():
        assert True

    @classmethod
    def test_of_the_class(cls):
        assert cls is TestOuter

    @property
    def test_property(self):
        raise AssertionError


class TestWithInit:
    def __init__(self):
        self.room = 1

    def test_never(self):
        booking.book(self.room)


class TestInheritsInit(TestWithInit):
    def test_never_either(self):
        booking.book("never")


class TestSwitchedOff:
    __test__ = False

    def test_never(self):
        booking.book("never")


class DescribeRooms:
    def it_has_a_door(self):
        assert True

    def has_no_window(self):
        raise AssertionError


class Helper:
    def test_not_collected(self):
        booking.book("never")


class RoomCase(unittest.TestCase):
    def test_sum(self):
        self.assertEqual(1 + 1, 2)

    def it_is_not_unittests_name(self):
        raise AssertionError

    class TestInside:
        def test_not_looked_for(self):
            raise AssertionError


def it_is_collected():
    booking.booked.append("attic")  # hint: [shared-state-leak]


def test_nothing_is_booked_at_first():
    assert booking.booked == []
