import functools
import os


@functools.lru_cache
def get_mode():
    return os.environ.get("SHOP_MODE", "live")
