"""What a parcel costs."""

from enum import Enum

from depot import settings


class Size(Enum):
    SMALL = "small"
    LARGE = "large"


class Quote:
    def __init__(self, price):
        self.price = price


def quote(weight, zone="mainland"):
    return Quote(price(weight, zone))


def price(weight, zone="mainland"):
    if weight > settings.MAX_WEIGHT:
        raise ValueError(f"too heavy: {weight}")
    base = weight * 2 + settings.SURCHARGES.get(zone, 0)
    return base + 10 if settings.EXPRESS else base
