"""Hints on the screen: where, of what kind, with what evidence, and how they follow the text."""

import re

from case import HelixCase, checked, original

LABELS = "tests/test_labels.py"
LABEL_HINTS = [13, 17, 21, 28, 35]
RELOAD = "importlib.reload(depot)"


class Hints(HelixCase):
    def test_ranges_severities_and_rules(self):
        name = "tests/test_manifest.py"
        terminal = self.open(name)
        hints = checked(self.helix.project, name)
        lines = original(name).decode().splitlines()
        self.helix.hints_on([hint["range"]["start"]["line"] for hint in hints])
        for hint in hints:
            start, end = hint["range"]["start"], hint["range"]["end"]
            text = lines[start["line"] - 1][start["column"] - 1 : end["column"] - 1]
            self.assertEqual(self.helix.next_hint(f"{end['line']}:{end['column'] - 1}"), text)
        severity = {"likely": "WARN", "possible": "HINT"}
        expected = sorted((severity[hint["confidence"]], hint["rule"]) for hint in hints)
        terminal.keys("Space", "d")
        terminal.wait(f"{expected} in the picker", lambda screen: listed(screen) == expected)

    def test_the_conftest_that_it_rests_on_stands_in_the_message_and_the_hover(self):
        terminal = self.open(f"{LABELS}:13:30")
        self.helix.hints_on(LABEL_HINTS)
        terminal.keys("]", "d", "[", "d")
        terminal.wait_for("• conftest.py:12: `depot` is reloaded here.")
        terminal.keys("Space", "k")
        terminal.wait_for("A check against a class that a reload has replaced since the test module imported it.")
        terminal.wait("the evidence", lambda screen: re.search(r"conftest\.py.*12", popup(screen)))

    def test_typing_makes_a_hint_and_clears_it(self):
        terminal = self.open(LABELS)
        self.helix.hints_on(LABEL_HINTS)
        self.helix.command("8")
        self.helix.at("8:1")
        terminal.keys("O")
        self.helix.insert("def test_late():")
        terminal.keys("Enter")
        self.helix.at("9:1")
        self.helix.insert('    open("late.csv", "w")')
        self.helix.escape(" INS ")
        moved = [line + 2 for line in LABEL_HINTS]
        self.helix.hints_on([9, *moved])
        terminal.keys("k", "x", "x", "d")
        self.helix.hints_on(LABEL_HINTS)

    def test_an_unsaved_edit_of_the_conftest_counts_in_the_other_file(self):
        terminal = self.open("--hsplit", LABELS, "tests/conftest.py:12")
        terminal.wait(f"{RELOAD} and the hints", lambda screen: RELOAD in screen and screen.count("●") >= 5)
        terminal.keys("x", "d")
        terminal.wait("the hints to go", lambda screen: RELOAD not in screen and not re.search(r"● +13 ", screen))
        terminal.keys("u")
        terminal.wait("the hints to come back", lambda screen: RELOAD in screen and re.search(r"● +13 ", screen))

    def test_configuration_files_have_hints(self):
        terminal = self.open("pyproject.toml")
        self.helix.hints_on([16])
        self.assertIn("no_parallel", self.helix.next_hint("16:50"))
        terminal.wait_for("• tests/test_courier.py:51: It is written here.")


def listed(screen: str) -> list[tuple[str, str]]:
    # Helix 25.07 has a column more, for the server.
    return sorted(re.findall(r"(ERROR|WARN|INFO|HINT) +(?:flakeless +)?([a-z-]+) ", screen))


def popup(screen: str) -> str:
    """What is new on the screen since the message: the rows that hold the popup's scroll bar."""
    return " ".join(row for row in screen.splitlines() if "▐" in row)
