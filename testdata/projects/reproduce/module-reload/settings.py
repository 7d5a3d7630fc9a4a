"""Of a market stall: what is tested here."""

import os

CURRENCY = os.environ.get("CURRENCY", "eur")
