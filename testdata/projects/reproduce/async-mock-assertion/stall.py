"""A market stall: what is tested here."""

import asyncio


def pack(fruits, tell):
    for fruit in sorted(fruits * 350_000):
        label = fruit.title()
    tell(label)


async def order(fruits, tell):
    asyncio.get_running_loop().run_in_executor(None, pack, fruits, tell)
