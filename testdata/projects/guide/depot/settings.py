"""Settings of the process, read wherever they are needed."""

EXPRESS = False
MAX_WEIGHT = 30
HOLIDAYS = ["01-01"]
SURCHARGES = {"island": 3}
