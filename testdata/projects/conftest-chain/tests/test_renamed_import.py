"""The imported fixture hides the guard of the conftest."""

from borrowed import clean as empty_till  # hint: [guard-switched-off]

import till


def test_drawer_opens():
    till.open_drawers["left"] = True
    assert till.open_drawers == {"left": True}


def test_drawers_are_closed_at_first():
    assert till.open_drawers == {}
