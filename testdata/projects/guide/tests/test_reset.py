"""A reset per module protects other modules, not the tests beside it."""

import pytest

from depot import pricing, settings


@pytest.fixture(scope="module", autouse=True)
def reset_settings():
    """Puts the settings back after the module's tests."""
    saved = {"EXPRESS": settings.EXPRESS, "MAX_WEIGHT": settings.MAX_WEIGHT}
    yield
    for name, value in saved.items():
        setattr(settings, name, value)


def test_limit_can_be_raised():
    settings.MAX_WEIGHT = 60  # hint: [shared-state-leak]
    assert pricing.price(50) >= 100


def test_limit_is_thirty():
    assert settings.MAX_WEIGHT == 30


def test_nobody_beside_this_one_asks_for_express():
    settings.EXPRESS = True
    assert settings.EXPRESS
