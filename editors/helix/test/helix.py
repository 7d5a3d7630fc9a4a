"""A real Helix on a copy of the guide's project, in a home of its own."""

import os
import pathlib
import re
import shutil

from terminal import Terminal

HELIX = pathlib.Path(__file__).resolve().parent.parent
EDITORS = HELIX.parent
GUIDE = EDITORS.parent / "testdata/projects/guide"
EXPECTED = EDITORS / "expected"


def marked_line(row: str) -> int | None:
    """The number of the line that this row of the screen shows, if a hint's mark stands before it."""
    mark = re.match(r" *● +(\d+) ", row)
    return int(mark[1]) if mark else None


def marked_lines(screen: str) -> list[int]:
    return [line for row in screen.splitlines() if (line := marked_line(row))]


class Helix:
    def __init__(self, scratch: pathlib.Path):
        self.project = scratch / "project"
        shutil.copytree(GUIDE, self.project)
        places = {f"XDG_{kind.upper()}_HOME": str(scratch / kind) for kind in ("config", "data", "state", "cache")}
        self._environment = os.environ | places | {"HOME": str(scratch / "home")}
        self.settings = scratch / "config/helix"
        self.settings.mkdir(parents=True)
        for name in ("languages.toml", "config.toml"):
            shutil.copy(HELIX / name, self.settings / name)
        self._log = scratch / "cache/helix/helix.log"
        self._selection = scratch / "selection"
        self.terminal = None

    def open(self, *arguments: str) -> Terminal:
        command = "exec hx " + " ".join(arguments)
        self.terminal = Terminal(command, self.project, self._environment, columns=180, rows=60)
        self.terminal.wait_for(" NOR ")
        return self.terminal

    def close(self) -> None:
        if self.terminal:
            self.terminal.close()

    def command(self, line: str) -> None:
        self.terminal.type(f":{line}")
        self.terminal.keys("Enter")

    def insert(self, text: str) -> None:
        """Letter by letter: Helix 25.01 tells the server in any order of edits that come within a millisecond."""
        for letter in text:
            before = self.terminal.wait("the cursor's place", lambda _: self.place())
            self.terminal.type(letter)
            self.terminal.wait(f"{letter!r} typed", lambda _, before=before: self.place() not in (None, before))

    def place(self) -> str | None:
        """Of the cursor, by the status line; none while that is being drawn."""
        seen = re.search(r"sel +(\d+:\d+) *$", self.terminal.screen(), re.MULTILINE)
        return seen and seen[1]

    def escape(self, from_what: str) -> None:
        """Leaves what shows this text. Waits, as Helix takes Escape with a key right behind it for Alt."""
        self.terminal.wait_for(from_what)
        self.terminal.keys("Escape")
        self.terminal.wait_without(from_what)

    def hints_on(self, lines: list[int]) -> None:
        self.terminal.wait(f"hints on the lines {lines}", lambda screen: marked_lines(screen) == lines)

    def hint_on(self, line: int) -> None:
        self.terminal.wait(f"a hint on line {line}", lambda screen: line in marked_lines(screen))

    def next_hint(self, place: str) -> str:
        """The text that the next hint marks, which must end at this place."""
        self.terminal.keys("]", "d")
        self.at(place)
        self._selection.unlink(missing_ok=True)
        self.command(f"pipe-to cat > {self._selection}.new && mv {self._selection}.new {self._selection}")
        self.terminal.wait("the selection", lambda _: self._selection.exists())
        return self._selection.read_text()

    def at(self, place: str) -> None:
        self.terminal.wait(f"the cursor at {place}", lambda _: self.place() == place)

    def choose_action(self, title: str, line: int) -> None:
        """Of the menu that opens right below this line, its first item chosen."""
        item = re.compile(rf" {re.escape(title)}( |$)")
        self.terminal.keys("Space", "a")
        self.terminal.wait(f"the action {title!r}", lambda screen: any(map(item.search, screen.splitlines())))
        rows = self.terminal.screen().splitlines()
        of_line = next(row for row, text in enumerate(rows) if marked_line(text) == line)
        of_title = next(row for row, text in enumerate(rows) if item.search(text))
        self.terminal.keys(*["Down"] * (of_title - of_line - 1), "Enter")

    def save(self) -> None:
        self.terminal.wait_for("[+]")
        self.command("write")
        self.terminal.wait_for("written")
        self.terminal.wait_without("[+]")

    def server_pid(self) -> int | None:
        """Of the flakeless that this Helix started."""
        for status in pathlib.Path("/proc").glob("[0-9]*/status"):
            try:
                said = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
            except (FileNotFoundError, ProcessLookupError):
                continue
            if said["Name"] == "flakeless" and int(said["PPid"]) == self.terminal.pid():
                return int(said["Pid"])
        return None
