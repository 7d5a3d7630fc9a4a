"""The code under test."""

taken = []
open_drawers = {}
receipts = []
