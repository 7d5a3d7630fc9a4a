"""A market stall: what is tested here."""


class Basket:
    def __init__(self):
        self.fruits = []


def fill(fruit):
    basket = Basket()
    basket.fruits.append((fruit, basket))
    return len(basket.fruits)
