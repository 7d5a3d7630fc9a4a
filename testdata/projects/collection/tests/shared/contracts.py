"""Base classes whose tests run where they are inherited."""

import abc
import unittest


class RoomContract:
    rooms = ()

    def test_rooms_are_numbered(self):
        assert all(room > 0 for room in self.rooms)

    def test_is_overridden(self):
        raise AssertionError

    def helper(self):
        return self.rooms

    class TestInside:
        def test_in_a_nested_class(self):
            assert True


class TestDirectly:
    """Collected under its own name wherever it is imported."""

    def test_here(self):
        assert True


class AbstractContract(abc.ABC):
    @abc.abstractmethod
    def rooms(self):
        """The rooms to look at."""

    def test_has_rooms(self):
        assert self.rooms()


class CaseContract(unittest.TestCase):
    __test__ = False

    def test_sum(self):
        self.assertEqual(1 + 1, 2)


def test_handed_on():
    assert True


def it_is_handed_on():
    assert True


def _test_private():
    raise AssertionError
