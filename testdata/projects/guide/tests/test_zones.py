"""Parameters whose order or text differs from process to process, and steady ones."""

import uuid
from datetime import date

import pytest

from depot import pricing
from depot.pricing import Size

ZONES = {"mainland", "island", "harbour"}
DAYS = {date(2026, 1, 1), date(2026, 5, 1), date(2026, 12, 25)}

# Another worker collects other tests.


@pytest.mark.parametrize("zone", {"mainland", "island"})  # hint: [unstable-parametrize]
def test_zone_has_a_price(zone):
    assert pricing.price(2, zone) > 0


@pytest.mark.parametrize("zone", ZONES)  # hint: [unstable-parametrize]
def test_every_zone_has_a_price(zone):
    assert pricing.price(2, zone) > 0


@pytest.mark.parametrize(
    "size",
    {Size.SMALL, Size.LARGE},  # hint: [unstable-parametrize]
)
def test_size_has_a_name(size):
    assert size.value


@pytest.mark.parametrize("code", [str(uuid.uuid4())])  # hint: [unstable-parametrize]
def test_code_is_long(code):
    assert len(code) == 36


@pytest.fixture(params={"van", "bike"})  # hint: [unstable-parametrize]
def vehicle(request):
    return request.param


def test_vehicle_has_a_name(vehicle):
    assert vehicle


# The ids agree, the values do not: a day may never be tested at all.


@pytest.mark.parametrize("day", DAYS)  # hint: [unstable-parametrize]
def test_day_is_a_holiday(day):
    assert day.year == 2026


# The same in every process.


@pytest.mark.parametrize("zone", sorted(ZONES))
def test_sorted_zones(zone):
    assert pricing.price(2, zone) > 0


@pytest.mark.parametrize("zone", ["mainland", "island"])
def test_listed_zones(zone):
    assert pricing.price(2, zone) > 0


@pytest.mark.parametrize("weight", {1, 2, 5})
def test_set_of_integers(weight):
    assert pricing.price(weight) > 0


@pytest.mark.parametrize("size", Size)
def test_enumeration(size):
    assert size.value


@pytest.mark.parametrize("code", [uuid.uuid4()])
def test_id_without_the_value(code):
    assert code.version == 4
