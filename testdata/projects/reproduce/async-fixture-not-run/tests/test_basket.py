import pytest

import stall

pytestmark = pytest.mark.asyncio


@pytest.fixture(autouse=True)  # hint: [async-fixture-not-run]
async def emptied():
    yield
    stall.BASKET.clear()


async def test_begins_empty():
    assert stall.BASKET == []


async def test_put():
    await stall.put("apple")  # hint: [shared-state-leak] possible
    assert stall.BASKET[-1] == "apple"
