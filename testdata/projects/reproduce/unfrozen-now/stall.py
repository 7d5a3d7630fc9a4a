"""A market stall: what is tested here."""

from datetime import datetime


class Receipt:
    def __init__(self, fruits):
        self.printed = datetime.now().replace(microsecond=0)
        self.lines = [fruit.title() for fruit in sorted(fruits)]
