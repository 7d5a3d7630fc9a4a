"""Not a test file: its classes run where they are imported."""

from unittest import TestCase


class Shelf:
    def test_shelf(self, ledger):
        assert not hasattr(self, "broken")


class TestImported:
    def test_imported(self):
        pass


class ImportedCase(TestCase):
    def test_case(self):
        self.assertTrue(True)


def test_imported_function(colour):
    assert colour == "grey"
