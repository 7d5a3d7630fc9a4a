"""A test file of our own writing, the same at every run: what instructions are counted on."""

from inputs import BAD, bad_test

CLASS = '''class TestLedger{n}:
    @pytest.fixture
    def ledger(self, tmp_path):
        ledger = Ledger(tmp_path / "ledger.txt")
        ledger.add("opening balance", {n})
        yield ledger
        ledger.close()

    @pytest.mark.parametrize("amount", [1, {n}, -3])
    def test_adds(self, ledger, amount):
        before = ledger.total()
        ledger.add("an entry", amount)
        assert ledger.total() == before + amount
        assert [entry.text for entry in ledger.entries] == ["opening balance", "an entry"]

    def test_refuses_what_is_no_number(self, ledger):
        for wrong in ("", "three", None, [{n}]):
            with pytest.raises(TypeError, match="no number"):
                ledger.add("wrong", wrong)
        assert ledger.total() == {n}

    def test_is_kept(self, ledger, monkeypatch):
        monkeypatch.setenv("LEDGER_CURRENCY", "EUR")
        ledger.add("kept", 7)
        ledger.save()
        again = Ledger(ledger.path)
        assert again.currency == "EUR"
        assert sorted(entry.amount for entry in again.entries) == sorted([{n}, 7])

'''

HEAD = "import os\nimport pathlib\nimport threading\nimport time\n\nimport pytest\nfrom ledger import Ledger\n\n\n"


def text(classes: int, bad: int) -> str:
    """`bad` of the classes have a test at their end that gives a hint."""
    every = classes // bad
    parts = [HEAD]
    for n in range(classes):
        parts.append(CLASS.format(n=n))
        if n % every == 0:
            # The one that is typed into comes first behind the middle.
            parts.append("\n".join(bad_test(n, n // every % len(BAD), in_class=True)) + "\n")
        parts.append("\n")
    return "".join(parts)
