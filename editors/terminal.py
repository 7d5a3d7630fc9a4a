"""A program in a terminal of its own, under tmux: what a person sees of it, and the keys that a person presses."""

import itertools
import os
import pathlib
import subprocess
import time

PATIENCE_S = 20
POLL_S = 0.02
_numbers = itertools.count()


class Terminal:
    def __init__(self, command: str, directory: pathlib.Path, environment: dict[str, str], columns: int, rows: int):
        self.columns, self.rows = columns, rows
        self._tmux = ["tmux", "-L", f"flakeless-{os.getpid()}-{next(_numbers)}", "-f", "/dev/null"]
        start = ["new-session", "-d", "-s", "editor", "-x", str(columns), "-y", str(rows), "-c", str(directory)]
        # The last screen stays readable after the program has ended.
        stay = [";", "set-option", "remain-on-exit", "on"]
        looks = {"LANG": "C.UTF-8", "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        subprocess.run([*self._tmux, *start, command, *stay], env=environment | looks, check=True)

    def keys(self, *keys: str) -> None:
        """Keys by their names in tmux: `Space`, `Enter`, `C-w`; text of more than a letter goes through `type`."""
        self._run("send-keys", "-t", "editor", *keys)

    def type(self, text: str) -> None:
        self._run("send-keys", "-t", "editor", "-l", text)

    def screen(self, *options: str) -> str:
        """What stands on the screen; with `-e`, with its colours as escape sequences."""
        return self._run("capture-pane", "-p", *options, "-t", "editor")

    def wait(self, what: str, condition):
        """What `condition` makes of the screen, once that is true."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            screen = self.screen()
            if seen := condition(screen):
                return seen
            if time.monotonic() > deadline:
                raise AssertionError(f"waited for {what}; on the screen:\n{screen}")
            time.sleep(POLL_S)

    def wait_for(self, text: str) -> None:
        self.wait(repr(text), lambda screen: text in screen)

    def wait_without(self, text: str) -> None:
        self.wait(f"{text!r} to go", lambda screen: text not in screen)

    def pid(self) -> int:
        """Of the program that the terminal runs."""
        return int(self._run("display-message", "-p", "-t", "editor", "#{pane_pid}"))

    def has_ended(self) -> bool:
        return self._run("display-message", "-p", "-t", "editor", "#{pane_dead}").strip() == "1"

    def close(self) -> None:
        subprocess.run([*self._tmux, "kill-server"], check=False, capture_output=True)

    def _run(self, *command: str) -> str:
        return subprocess.run([*self._tmux, *command], check=True, capture_output=True, text=True).stdout
