"""A market stall: what is tested here."""

import time


class Reservations:
    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.until = {}

    def hold(self, fruit, ttl):
        self.until[fruit] = self.clock() + ttl

    def is_held(self, fruit):
        return self.clock() < self.until[fruit]


def label(fruits):
    return [fruit.title() for fruit in sorted(fruits)]
