"""Calls that leave the product changed, and the tests that meet it."""

from shop import prices
from shop.ledger import ledger


def test_loud_prices():
    prices.set_style("loud")  # hint: [shared-state-leak] possible "`test_prices_are_plain` reads it"
    assert prices.shown(3) == "** 3 **"


def test_prices_are_plain():
    assert prices.style() == "plain"


def test_voucher():
    prices.add_voucher("SPRING", 10)  # hint: [shared-state-leak] possible "through `add_voucher`"
    assert prices.VOUCHERS["SPRING"] == 10


def test_no_vouchers():
    assert not prices.VOUCHERS


def test_sale_is_written():
    ledger.write("bread")  # hint: [shared-state-leak] possible "`shop.ledger.ledger.lines` through `write`"
    assert "bread" in ledger.entries()


def test_nothing_is_written():
    assert ledger.entries() == []
