"""Hands parcels on, at once or in the background."""

import asyncio
import threading

pending = set()


class Client:
    async def open_session(self, code):
        await asyncio.sleep(0.01)
        return {"id": code}


async def notify(code):
    """Tells the receiver; in production over the network."""
    await asyncio.sleep(0.01)
    return {"status": "sent", "code": code}


def ring(code):
    """Rings the bell at the gate; blocks until it has rung."""
    return code


async def dispatch(code):
    return await notify(code)


async def register(code):
    client = Client()
    return await client.open_session(code)


async def deliver(client, code):
    return await client.open_session(code)


def dispatch_later(code):
    task = asyncio.create_task(dispatch(code))
    pending.add(task)
    task.add_done_callback(pending.discard)


async def ring_in_background(code):
    threading.Thread(target=ring, args=(code,)).start()


async def drain():
    await asyncio.gather(*pending)
