"""A market stall: what is tested here."""

BASKET = []


async def put(fruit):
    BASKET.append(fruit)
