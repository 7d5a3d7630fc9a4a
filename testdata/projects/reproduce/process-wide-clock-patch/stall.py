"""A market stall: what is tested here."""

import time


def order(fruits, send, tries=3):
    labels = [fruit.title() for fruit in sorted(fruits)]
    for attempt in range(tries):
        try:
            return send(labels)
        except OSError:
            time.sleep(2**attempt)
