import os

DEBUG = os.environ.get("DEBUG") == "1"
LEVEL = os.environ.get("LEVEL", "info")
