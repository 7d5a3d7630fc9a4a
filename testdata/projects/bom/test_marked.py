import tariff; CODES = {"ä", "価", "🧺"}

import pytest


@pytest.mark.parametrize("code", CODES)  # hint: [unstable-parametrize]
def test_code_is_short(code):
    assert len(code) == 1


def test_limit_is_raised():
    tariff.LIMIT = 9  # hint: [shared-state-leak]
    assert tariff.LIMIT == 9


def test_limit_is_three():
    assert tariff.LIMIT == 3
