"""Autouse and usefixtures on classes, their bases and overrides in them."""

import pytest

import house


@pytest.fixture
def pets_out():
    yield
    house.pets.clear()


class Quiet:
    @pytest.fixture(autouse=True)
    def tenants_gone(self):
        yield
        house.tenants.clear()


class Base(Quiet):
    pass


class TestInherited(Base):
    def test_tenant(self):
        house.tenants.append("Bo")
        assert house.tenants == ["Bo"]

    def test_none_at_first(self):
        assert house.tenants == []


class TestOverridden(Base):
    @pytest.fixture
    def tenants_gone(self):  # hint: [guard-switched-off]
        """Not autouse: the base's is switched off."""

    def test_tenant_stays(self):
        house.tenants.append("Cy")

    def test_fails_none_at_first(self):
        assert house.tenants == []


@pytest.mark.usefixtures("pets_out")
class TestUsed:
    def test_pet(self):
        house.pets.append("cat")
        assert house.pets == ["cat"]

    class TestInside:
        def test_pet_inside(self):
            house.pets.append("dog")
            assert house.pets == ["dog"]


class TestUsedByList:
    pytestmark = [pytest.mark.usefixtures("pets_out")]

    def test_pet(self):
        house.pets.append("owl")
        assert house.pets == ["owl"]


def test_no_pets_at_first():
    assert house.pets == []
