class Counted:
    """Numbers that know how many of them were read."""

    def __init__(self, numbers):
        self.numbers, self.read = numbers, 0

    def __iter__(self):
        for number in self.numbers:
            self.read += 1
            yield number


def test_adds_up_quickly():
    numbers = Counted(range(2_000))
    assert sum(numbers) == 1_999_000
    assert numbers.read == 2_000
