"""A parcel depot: the code under test."""

import os

CARRIER = os.environ.get("DEPOT_CARRIER", "snail")


class UnknownParcel(Exception):
    """No parcel has this code."""


class Label:
    def __init__(self, code):
        self.code = code


def label_for(code):
    if not code:
        raise UnknownParcel(code)
    return Label(code)
