"""Rooms and who has them."""

booked = []


def book(room):
    booked.append(room)
