"""Ways to ask for a fixture."""

import pytest

pytestmark = pytest.mark.usefixtures("of_module")

slow = pytest.mark.usefixtures("of_mark")


@pytest.fixture
def of_module():
    return 1


@pytest.fixture
def of_mark():
    return 1


@pytest.fixture
def of_class(of_module):
    return of_module


@pytest.fixture
def late():
    return "late"


def test_renamed(renamed, brought, plugged):
    assert (renamed, brought) == ("renamed", "brought")


@slow
def test_by_mark():
    pass


@pytest.mark.usefixtures("of_class")
class TestByClass:
    cases = pytest.mark.parametrize("level", [["given"]])

    def test_by_class(self):
        pass

    @cases
    def test_given(self, level):
        assert level == ["given"]

    @pytest.mark.parametrize("colour", ["red"], indirect=True)
    def test_indirect(self, colour):
        assert colour == "red"

    @pytest.mark.parametrize("colour", ["red"])
    def test_direct(self, colour):
        assert colour == "red"


def test_while_it_runs(request):
    assert request.getfixturevalue("late") == "late"


def it_is_named_otherwise(colour="plain", *, ledger):
    assert (colour, ledger) == ("plain", [])
