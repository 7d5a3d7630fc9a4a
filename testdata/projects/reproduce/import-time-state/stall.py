"""A market stall: what is tested here."""

import os


def gross(net):
    return net * (100 + int(os.environ.get("TAX_RATE", "0"))) / 100
