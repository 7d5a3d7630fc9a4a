"""Classes, and what becomes of their tests."""

from unittest import IsolatedAsyncioTestCase, TestCase

import pytest

from bases import ImportedCase, Shelf, TestImported, test_imported_function  # noqa: F401


class Common:
    @pytest.fixture(autouse=True)
    def of_base(self):
        yield

    def test_common(self, level):
        assert level

    def test_overridden(self):
        raise AssertionError("overridden below")

    def test_taken_away(self):
        raise AssertionError("taken away below")


class TestFirst(Common, Shelf):
    test_taken_away = None

    def test_overridden(self, ledger):
        pass


class SecondSuite(TestFirst):
    def test_second(self):
        pass


class TestWithInit:
    def __init__(self):
        self.x = 1

    def test_never(self):
        raise AssertionError


class TestBelowInit(TestWithInit):
    def test_never_either(self):
        raise AssertionError


class TestSwitchedOff:
    __test__ = False

    def test_never(self):
        raise AssertionError


class TestBelowSwitchedOff(TestSwitchedOff):
    __test__ = True

    def test_again(self):
        pass

    test_never = None


class Helper:
    def test_never(self):
        raise AssertionError


class TestTwice:
    def test_first(self):
        raise AssertionError("bound again below")


class TestTwice:  # noqa: F811
    def test_second(self):
        pass

    def test_bound_again(self):
        raise AssertionError("bound again below")

    def test_bound_again(self):  # noqa: F811
        pass


class AnyName(TestCase):
    def setUp(self):
        self.x = 1

    def test_case(self):
        self.assertEqual(self.x, 1)

    def testCamel(self):
        self.assertEqual(self.x, 1)

    class TestNested:
        def test_never(self):
            raise AssertionError


class Awaits(IsolatedAsyncioTestCase):
    async def test_awaits(self):
        self.assertTrue(True)


class Derived(AnyName):
    def test_derived(self):
        pass
