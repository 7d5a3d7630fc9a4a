"""One name at every level."""

import pytest


@pytest.fixture
def level(level):
    return [*level, "module"]


def test_module(level):
    assert level == ["plugin", "conftest", "tests", "module"]


class TestClass:
    @pytest.fixture
    def level(self, level):
        return [*level, "class"]

    def test_class(self, level, wide):
        assert level[-2] == "module"

    class TestInner:
        def test_inner(self, level):
            assert level[-2] == "module"


class TestDerived(TestClass):
    """The fixture of the base class is replaced, not built upon."""

    @pytest.fixture
    def level(self, level):
        return [*level, "derived"]

    def test_derived(self, level):
        assert level == ["plugin", "conftest", "tests", "module", "derived"]
