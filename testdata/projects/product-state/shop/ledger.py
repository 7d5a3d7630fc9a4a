"""What was sold."""


class Ledger:
    def __init__(self):
        self.lines = []

    def write(self, line):
        self.lines.append(line)

    def entries(self):
        return list(self.lines)


ledger = Ledger()
