import os

WAREHOUSE = os.environ.get("WAREHOUSE", "north")
