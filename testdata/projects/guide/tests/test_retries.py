"""Retries: they hide a flake, they do not cure it."""

import asyncio
import functools

import pytest

from depot import courier


def retry_async(max_attempts=3, delay=0.1):
    def decorator(function):
        @functools.wraps(function)
        async def wrapper(*args, **kwargs):
            last_failure = None
            for attempt in range(max_attempts):
                try:
                    return await function(*args, **kwargs)
                except AssertionError as failure:
                    last_failure = failure
                    if attempt < max_attempts - 1:
                        await asyncio.sleep(delay)
            raise last_failure

        return wrapper

    return decorator


@pytest.mark.flaky(reruns=3, reruns_delay=1)
def test_marked_for_another_plugin_than_the_configured():
    assert courier.ring("A1") == "A1"


@pytest.mark.asyncio
@retry_async(max_attempts=3)
async def test_with_its_own_retry():
    result = await courier.dispatch("A1")
    assert result["status"] == "sent"
