"""A market stall: what is tested here."""

import functools

OPEN = False


@functools.lru_cache
def sign():
    return "open" if OPEN else "closed"
