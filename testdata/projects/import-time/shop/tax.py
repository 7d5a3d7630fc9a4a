import os


def rate():
    return int(os.environ.get("TAX_RATE", "0"))
