"""Calls on mocks, asserted before or after the work can have happened."""

import asyncio
from unittest.mock import AsyncMock, patch

import pytest

from depot import courier

# Asserted while the work is still handed off.


@pytest.mark.asyncio
async def test_task_made_here():
    with patch("depot.courier.notify") as notify:
        task = asyncio.create_task(courier.dispatch("A1"))
        notify.assert_called_once()  # hint: [async-mock-assertion]
        await task


@pytest.mark.asyncio
async def test_task_made_in_the_product():
    with patch("depot.courier.notify") as notify:
        courier.dispatch_later("A1")
        assert notify.call_count == 1  # hint: [async-mock-assertion]


@pytest.mark.asyncio
async def test_thread_made_in_the_product():
    with patch("depot.courier.ring") as ring:
        await courier.ring_in_background("A1")
        ring.assert_called_once_with("A1")  # hint: [async-mock-assertion]


@pytest.mark.asyncio
async def test_task_with_mocker(mocker):
    notify = mocker.patch("depot.courier.notify")
    courier.dispatch_later("A1")
    notify.assert_awaited_once()  # hint: [async-mock-assertion]


@pytest.mark.asyncio
async def test_task_given_one_turn():
    with patch("depot.courier.notify") as notify:
        courier.dispatch_later("A1")
        await asyncio.sleep(0)
        notify.assert_called_once()  # hint: [async-mock-assertion] possible


@pytest.mark.asyncio
@pytest.mark.no_parallel
async def test_task_marked_instead():
    with patch("depot.courier.notify") as notify:
        courier.dispatch_later("A1")
        notify.assert_called_once()  # hint: [async-mock-assertion] possible


# The hand-off is waited for.


@pytest.mark.asyncio
async def test_task_awaited():
    with patch("depot.courier.notify") as notify:
        task = asyncio.create_task(courier.dispatch("A1"))
        await task
        notify.assert_called_once()


@pytest.mark.asyncio
async def test_background_drained():
    with patch("depot.courier.notify") as notify:
        courier.dispatch_later("A1")
        await courier.drain()
        notify.assert_awaited_once_with("A1")


@pytest.mark.asyncio
async def test_background_polled():
    with patch("depot.courier.notify") as notify:
        courier.dispatch_later("A1")
        async with asyncio.timeout(5):
            while not notify.called:
                await asyncio.sleep(0.001)
        notify.assert_called_once()


# Awaited directly: these never flake.


@pytest.mark.asyncio
async def test_awaited_as_the_guide_calls_bad():
    with patch("depot.courier.notify") as notify:
        await courier.dispatch("A1")
        notify.assert_called_once()


@pytest.mark.asyncio
async def test_mock_ready_before_the_call():
    notify = AsyncMock(return_value="sent")
    with patch("depot.courier.notify", notify):
        assert notify.call_count == 0
        await courier.dispatch("A1")
        await asyncio.sleep(0)
        assert notify.call_count == 1


@pytest.mark.asyncio
async def test_side_effect():
    async def sent(code):
        return {"status": "success", "code": code}

    with patch("depot.courier.notify", side_effect=sent):
        result = await courier.dispatch("A1")
        assert result["status"] == "success"


@pytest.mark.asyncio
async def test_patched_early_and_executed_late():
    client = AsyncMock()
    client.open_session = AsyncMock(return_value={"id": "123"})
    with patch("depot.courier.Client", return_value=client):
        assert await courier.register("A1") == {"id": "123"}
        client.open_session.assert_called_once()


@pytest.mark.asyncio
async def test_mock_passed_in():
    client = AsyncMock()
    await courier.deliver(client, "A1")
    client.open_session.assert_awaited_once_with("A1")


@pytest.mark.asyncio
@pytest.mark.no_parallel
async def test_marked_without_need():
    with patch("depot.courier.notify") as notify:
        await courier.dispatch("A1")
        notify.assert_called_once()


def test_synchronous():
    with patch("depot.courier.ring") as ring:
        courier.ring("A1")
        assert ring.call_count == 1
