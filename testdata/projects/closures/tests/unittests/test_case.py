import unittest

import pytest

import house


class VisitorCase(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def visitors_gone(self):
        yield
        house.visitors.clear()

    def test_visitor(self):
        house.visitors.append("Di")
        self.assertEqual(house.visitors, ["Di"])

    def test_none_at_first(self):
        self.assertEqual(house.visitors, [])


class TestXunit:
    def setup_method(self):
        house.visitors.append("Ed")

    def teardown_method(self):
        house.visitors.clear()

    def test_one(self):
        assert house.visitors == ["Ed"]


@pytest.mark.usefixtures("cold")
class ColdCase(unittest.TestCase):
    def test_heating(self):
        house.heating["on"] = True
        self.assertTrue(house.heating["on"])
