"""Lists of parcels as text."""


def write(file, codes):
    for code in codes:
        file.write(f"{code}\n")


def load(path):
    with open(path) as file:
        return file.read().split()
