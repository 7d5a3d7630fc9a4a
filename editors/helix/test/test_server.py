"""The server's process, and what its commands show."""

import os
import signal

from case import HelixCase

LABELS = "tests/test_labels.py"
LABEL_HINTS = [13, 17, 21, 28, 35]


class Server(HelixCase):
    def test_a_killed_server_comes_back(self):
        # Helix 25.01 restarts none if one of the list is not installed: this is the list of a person who has no other.
        languages = self.helix.settings / "languages.toml"
        languages.write_text(languages.read_text().replace('"ruff", "jedi", "pylsp", ', ""))
        self.open(LABELS)
        self.helix.hints_on(LABEL_HINTS)
        first = self.helix.server_pid()
        os.kill(first, signal.SIGKILL)
        self.helix.hints_on([])
        self.helix.command("lsp-restart")
        self.helix.hints_on(LABEL_HINTS)
        self.assertNotIn(self.helix.server_pid(), (None, first))

    def test_hints_of_closed_files_once_the_workspace_was_checked(self):
        terminal = self.open(LABELS)
        self.helix.hints_on(LABEL_HINTS)
        self.helix.command("lsp-workspace-command")
        terminal.wait_for("flakeless.checkWorkspace")
        terminal.type("checkWorkspace")
        terminal.wait_for("> flakeless.checkWorkspace")
        terminal.keys("Enter")
        terminal.wait_without("flakeless.checkWorkspace")
        # The list does not grow while it is open.
        self.helix.terminal.wait("a closed file's hint", lambda _: "t/test_zones.py" in self.workspace_hints())

    def workspace_hints(self) -> str:
        self.helix.terminal.keys("Space", "D")
        self.helix.terminal.wait_for(" severity ")
        screen = self.helix.terminal.screen()
        self.helix.escape(" severity ")
        return screen
