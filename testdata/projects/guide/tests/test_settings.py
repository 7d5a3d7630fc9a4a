"""Settings of the process, changed with and without a way back."""

import os
import sys
from unittest.mock import patch

import pytest

from depot import pricing, settings

SCANNED = []

# No way back.


def test_express_costs_more():
    settings.EXPRESS = True  # hint: [shared-state-leak]
    assert pricing.price(2) == 14


def test_plain_price():
    assert not settings.EXPRESS
    assert pricing.price(2) == 4


def test_carrier_from_the_environment():
    os.environ["DEPOT_CARRIER"] = "pigeon"  # hint: [shared-state-leak]
    assert os.environ["DEPOT_CARRIER"] == "pigeon"


def test_plugins_are_importable():
    sys.path.append("plugins")  # hint: [shared-state-leak]
    assert "plugins" in sys.path


def test_starts_elsewhere(tmp_path):
    os.chdir(tmp_path)  # hint: [shared-state-leak]
    assert os.listdir() == []


def test_islands_cost_nothing():
    settings.SURCHARGES["island"] = 0  # hint: [shared-state-leak]
    assert pricing.price(2, "island") == 4


def test_islands_cost_extra():
    assert settings.SURCHARGES["island"] == 3


def test_holiday_is_added():
    assert len(settings.HOLIDAYS) == 1
    settings.HOLIDAYS.append("12-25")  # hint: [shared-state-leak]


def test_scan_is_remembered():
    SCANNED.append("A1")  # hint: [shared-state-leak]
    assert SCANNED == ["A1"]


def test_nothing_scanned_at_first():
    assert SCANNED == []


@pytest.fixture
def heavy_parcels():
    settings.MAX_WEIGHT = 100  # hint: [shared-state-leak]


def test_heavy_parcel_has_a_price(heavy_parcels):
    assert pricing.price(60) >= 120


def test_heavy_parcel_is_refused():
    assert settings.MAX_WEIGHT == 30


@pytest.mark.no_parallel
def test_marked_instead():
    settings.EXPRESS = True  # hint: [shared-state-leak] possible
    assert pricing.price(2) == 14


def test_restored_only_when_it_passes():
    saved = settings.MAX_WEIGHT
    settings.MAX_WEIGHT = 100  # hint: [shared-state-leak] possible
    assert pricing.price(60) >= 120
    settings.MAX_WEIGHT = saved


class TestScanner:
    codes = []
    total = 0

    def test_code_is_remembered(self):
        self.codes.append("A1")  # hint: [shared-state-leak]
        assert self.codes == ["A1"]

    def test_no_codes_at_first(self):
        assert self.codes == []

    def test_counts_for_all(self):
        self.__class__.total = 3  # hint: [shared-state-leak]
        assert self.total == 3

    def test_counts_for_itself(self):
        self.total = 3
        assert self.total == 3

    def test_nothing_counted_at_first(self):
        assert self.total == 0


# With a way back.


def test_monkeypatched(monkeypatch):
    monkeypatch.setattr(settings, "EXPRESS", True)
    monkeypatch.setitem(settings.SURCHARGES, "island", 0)
    monkeypatch.setenv("DEPOT_CARRIER", "pigeon")
    assert pricing.price(2, "island") == 14


def test_patched():
    with patch.object(settings, "EXPRESS", True), patch.dict(settings.SURCHARGES):
        settings.SURCHARGES["island"] = 0
        assert pricing.price(2, "island") == 14


def test_restored_in_finally():
    saved = settings.MAX_WEIGHT
    settings.MAX_WEIGHT = 100
    try:
        assert pricing.price(60) >= 120
    finally:
        settings.MAX_WEIGHT = saved


@pytest.fixture
def light_parcels():
    saved = settings.MAX_WEIGHT
    settings.MAX_WEIGHT = 1
    yield
    settings.MAX_WEIGHT = saved


def test_restored_by_the_fixture(light_parcels):
    with pytest.raises(ValueError):
        pricing.price(2)


def test_local_names_are_nobody_elses():
    SCANNED = []
    SCANNED.append("A1")
    assert SCANNED == ["A1"]


class TestWithCleanup:
    @pytest.fixture(autouse=True)
    def restore_holidays(self):
        saved = list(settings.HOLIDAYS)
        yield
        settings.HOLIDAYS[:] = saved

    def test_holiday_is_added(self):
        settings.HOLIDAYS.append("05-01")
        assert "05-01" in settings.HOLIDAYS
