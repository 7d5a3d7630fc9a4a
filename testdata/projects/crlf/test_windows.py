"""Größen, 価格, 🧺: each character before a hint counts differently."""

import tariff


def test_limit_is_raised():
    label = "価格🧺"; tariff.LIMIT = 9  # hint: [shared-state-leak]
    assert tariff.LIMIT == 9 and label


def test_limit_is_three():
    assert tariff.LIMIT == 3


def test_receipt_is_written():
    with open("/tmp/größe-🧺.txt", "w", encoding="utf-8") as file:  # hint: [unisolated-file]
        file.write("""bread
milk
""")
