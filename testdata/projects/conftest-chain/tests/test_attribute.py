"""An attribute hides the fixture of a base class, not the one of a conftest."""

import pytest

import till


class WithReceipts:
    @pytest.fixture(autouse=True)
    def tear_receipts(self):
        yield
        till.receipts.clear()


class TestKept(WithReceipts):
    def test_receipt_is_printed(self):
        till.receipts.append("bread")
        assert till.receipts == ["bread"]


class TestSwitchedOff(WithReceipts):
    tear_receipts = None  # hint: [guard-switched-off]

    def test_receipt_is_printed(self):
        till.receipts.append("milk")
        assert till.receipts == ["milk"]

    def test_no_receipts_at_first(self):
        assert till.receipts == []


class TestConftestStays:
    empty_till = None

    def test_drawer_opens(self):
        till.open_drawers["right"] = True
        assert till.open_drawers["right"]
