PRICES = {}
CARTS = []
FLAG = False


def open_up():
    return True
