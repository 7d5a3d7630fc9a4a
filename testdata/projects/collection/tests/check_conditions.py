"""Tests under conditions, and names that only look like tests."""

import sys

test_value = 3

if sys.version_info >= (3, 0):

    def test_under_a_condition(level):
        assert level

try:
    import json
except ImportError:
    json = None
else:

    def test_behind_an_import():
        assert json


def test_switched_off():
    raise AssertionError


test_switched_off.__test__ = False


def helper():
    def test_inside():
        raise AssertionError

    return test_inside


class TestStatic:
    @staticmethod
    def test_static(ledger):
        assert ledger == []

    @classmethod
    def test_class_method(cls, ledger):
        assert ledger == []
