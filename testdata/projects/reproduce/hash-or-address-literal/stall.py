"""A market stall: what is tested here."""

import hashlib


def shelf(fruit):
    return hash(f"stall/{fruit}") % 2


def steady_shelf(fruit):
    return hashlib.sha256(f"stall/{fruit}".encode()).digest()[0] % 2
