"""A market stall: what is tested here."""

import urllib.request


def fetch(fruit):
    return urllib.request.urlopen(f"http://127.0.0.1:9/{fruit}", timeout=5).read()


def store(fruits, prices):
    for fruit in sorted(fruits * 20_000):
        label = fruit.title()
    prices.append(fetch(label))
