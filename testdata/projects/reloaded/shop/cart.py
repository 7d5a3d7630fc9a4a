CARTS = []


class Cart:
    pass
