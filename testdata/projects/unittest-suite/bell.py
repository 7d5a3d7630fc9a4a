"""The code under test."""

LOUD = False
VOLUME = 1
PITCH = 440
names = []
