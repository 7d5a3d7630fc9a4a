"""Uses the fixture that reloads the package."""

import depot


def test_carrier_is_read_at_start(restarted):
    assert depot.CARRIER == "owl"
