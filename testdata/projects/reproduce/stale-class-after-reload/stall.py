"""A market stall: what is tested here."""


class Basket:
    pass


def new_basket():
    return Basket()
