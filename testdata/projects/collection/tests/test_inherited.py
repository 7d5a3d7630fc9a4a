import pytest

from .shared import contracts
from .shared.contracts import AbstractContract, CaseContract, RoomContract


class TestSmallHouse(RoomContract):
    rooms = (1, 2)

    def test_is_overridden(self):
        assert self.helper() == (1, 2)


class TestLargeHouse(TestSmallHouse):
    rooms = tuple(range(1, 30))

    def test_is_overridden(self):
        assert len(self.helper()) == 29


class TestHandedThrough(contracts.RoomContract):
    test_is_overridden = None


class TestStillAbstract(AbstractContract):
    pass


class TestNoLongerAbstract(AbstractContract):
    def rooms(self):
        return [1]


class SumCase(CaseContract):
    __test__ = True


class NotNamedLikeATest(RoomContract):
    pass


TestAlias = TestNoLongerAbstract


@pytest.mark.parametrize("room", [1, 2])
class TestMarked:
    def test_room(self, room):
        assert room
