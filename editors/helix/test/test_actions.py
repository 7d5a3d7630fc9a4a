"""Fixes chosen from the menu as a person does, and what is saved then."""

import json

from case import HelixCase, original
from helix import EXPECTED

ODD = "tests/test_odd.py"
ZONES = "tests/test_zones.py"


class Actions(HelixCase):
    def test_each_kind_of_fix(self):
        actions = json.loads((EXPECTED / "actions.json").read_text())
        self.assertEqual(len(actions), 4)
        for action in actions:
            with self.subTest(action["name"]):
                name, line = action["file"], action["line"]
                self.open(f"{name}:{line}:{action['column']}")
                self.helix.hint_on(line)
                self.helix.choose_action(action["title"], line)
                self.helix.save()
                self.saved_as(name, original(name), f"actions/{action['name']}.diff")
                self.helix.close()
                (self.helix.project / name).write_bytes(original(name))

    def test_all_safe_fixes_of_the_file(self):
        self.open(f"{ZONES}:17:34")
        self.helix.hint_on(17)
        self.helix.choose_action("Apply all safe fixes of flakeless in this file", 17)
        self.helix.save()
        self.saved_as(ZONES, original(ZONES), "fix-all.diff")

    def test_the_key_that_saves_and_fixes(self):
        terminal = self.open(f"{ZONES}:22:1")
        self.helix.hint_on(22)
        terminal.keys("O")
        self.helix.insert("# unsaved")
        self.helix.escape(" INS ")
        terminal.keys("C-s")
        terminal.wait_for("sorted({")
        terminal.wait_without("[+]")
        unsaved = original(ZONES).replace(
            b'@pytest.mark.parametrize("zone", ZONES)', b'# unsaved\n@pytest.mark.parametrize("zone", ZONES)'
        )
        self.saved_as(ZONES, unsaved, "fix-all.diff")
        self.helix.at("22:10")
        terminal.keys("u")
        terminal.wait_without("sorted({")
        terminal.wait_for("# unsaved")

    def test_a_test_is_reproduced_and_its_hint_confirmed(self):
        sold = 'SOLD = []\n\n\ndef test_first_sale():\n    SOLD.append("apple")\n    assert SOLD == ["apple"]\n'
        (self.helix.project / "tests/test_till.py").write_text(sold)
        terminal = self.open("tests/test_till.py:5:6")
        self.helix.hint_on(5)
        self.helix.choose_action("Reproduce: run `test_first_sale` with pytest until it fails", 5)
        terminal.wait_for("Confirmed: it failed 19 of 20 times in one process.")

    def test_crlf_and_wide_characters(self):
        before = (EXPECTED / "test_odd.py").read_bytes().replace(b"\n", b"\r\n")
        (self.helix.project / ODD).write_bytes(before)
        title = next(
            it["title"] for it in json.loads((EXPECTED / "actions.json").read_text()) if it["name"] == "monkeypatch"
        )
        self.open(ODD)
        self.helix.hints_on([7])
        self.assertEqual(self.helix.next_hint("7:30"), "settings.EXPRESS")
        self.helix.choose_action(title, 7)
        self.helix.save()
        self.saved_as(ODD, before, "actions/odd.diff")
