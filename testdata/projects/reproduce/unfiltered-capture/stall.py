"""A market stall: what is tested here."""

import logging

log = logging.getLogger("stall")
bell_log = logging.getLogger("bell")


def ring(stop):
    while not stop.wait(0.1):
        bell_log.warning("it rings")


def order(fruits):
    for fruit in sorted(fruits * 40_000):
        label = fruit.title()
    log.warning("ordered: %s", label)
