"""A market stall: what is tested here."""


def stock(count):
    return [f"crate {number}" for number in range(count)]
