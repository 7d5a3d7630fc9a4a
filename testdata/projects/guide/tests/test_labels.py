"""Classes imported at module level are stale once the package was reloaded."""

import pytest

import depot
from depot import Label, UnknownParcel
from depot.pricing import Quote, quote


def test_label_is_a_label():
    label = depot.label_for("A1")
    # hint: [stale-class-after-reload]
    assert isinstance(label, Label)


def test_label_has_exactly_this_type():
    assert type(depot.label_for("A1")) is Label  # hint: [stale-class-after-reload]


def test_empty_code_is_unknown():
    with pytest.raises(UnknownParcel):  # hint: [stale-class-after-reload]
        depot.label_for("")


def test_empty_code_is_caught():
    try:
        depot.label_for("")
    except UnknownParcel:  # hint: [stale-class-after-reload]
        return
    pytest.fail("not raised")


def test_quote_of_a_submodule():
    # reload(depot) leaves depot.pricing alone: only something more makes this stale.
    assert isinstance(quote(2), Quote)  # hint: [stale-class-after-reload] possible


def test_label_imported_in_the_test():
    from depot import Label as FreshLabel

    assert isinstance(depot.label_for("A1"), FreshLabel)


def test_label_looked_up_when_used():
    assert isinstance(depot.label_for("A1"), depot.Label)


def test_label_is_not_a_dict():
    assert not isinstance(depot.label_for("A1"), dict)
