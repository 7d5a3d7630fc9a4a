"""A language server with a file open, that is typed into.

What is timed: from the first byte of `didChange` to the last byte of the `publishDiagnostics` that is about the text
after that change. Reading the JSON is not in it, nor making it. A server that puts versions into what it publishes
must name the edit's; for one that does not, the first publication after the edit counts, and the next edit comes only
when it was there. All are asked in the same way (pushed, no pull), in the same folder, with the same text, and none is
given another's time: while one works, the others have nothing to do.

The processor's time is that of the server's process while it was typed into, for one edit, undone ones included: it
says less of what is felt, and more on a machine that is busy with other things.

We publish nothing when the hints are what the editor shows already, so every edit changes them (see edits.py).
"""

import os
import pathlib
import queue
import time

from edits import Edit
from inputs import Input
from peers import Peer, threads
from server import Server

CAPABILITIES = {
    "workspace": {"workspaceFolders": True},
    "general": {"positionEncodings": ["utf-8", "utf-16"]},
    "textDocument": {"publishDiagnostics": {"versionSupport": True, "relatedInformation": True}, "synchronization": {}},
}
# A server that says nothing for so long has not answered.
PATIENCE = 30


class Typist:
    def __init__(self, peer: Peer, file: Input, folders=None):
        """`folders` are what is open in the editor: the file's package where nothing is said."""
        folders = folders or [file.folder]
        self.peer, self.uri, self.version = peer, file.path.as_uri(), 1
        self.server = Server(peer.command, threads())
        self.shown: int | None = None
        workspace = [{"uri": folder.as_uri(), "name": folder.name} for folder in folders]
        root = {"rootUri": workspace[0]["uri"], "workspaceFolders": workspace}
        start = {"processId": None, **root, "capabilities": CAPABILITIES, "initializationOptions": peer.options}
        self.server.request("initialize", start)
        self.server.notify("initialized", {})
        self.open(self.uri, file.text)

    def open(self, uri: str, text: str) -> None:
        document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self.server.notify("textDocument/didOpen", {"textDocument": document})

    def settle(self, quiet: float = 1.0, at_most: float = PATIENCE) -> None:
        """Waits for the first publication, and then until there was none for a while."""
        until = time.perf_counter() + at_most
        while (left := until - time.perf_counter()) > 0:
            try:
                self.take(self.server.published.get(timeout=left if self.shown is None else min(quiet, left)))
            except queue.Empty:
                return

    def take(self, publication) -> bool:
        """Whether it is about the text as it is now."""
        _, params = publication
        if params["uri"] != self.uri or params.get("version") not in (None, self.version):
            return False
        self.shown = len(params["diagnostics"])
        return True

    def type(self, edit: Edit) -> float | None:
        """Milliseconds until the hints for the edit were there; None if they never came."""
        while not self.server.published.empty():
            self.take(self.server.published.get())
        self.version += 1
        document = {"uri": self.uri, "version": self.version}
        sent = self.server.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [edit.change]})
        until = sent + PATIENCE
        while (left := until - time.perf_counter()) > 0:
            try:
                publication = self.server.published.get(timeout=left)
            except queue.Empty:
                break
            if self.take(publication):
                return 1000 * (publication[0] - sent)
        return None

    def cpu(self) -> float:
        """Milliseconds of user and system time that the process has used, to the hundredth of a second."""
        stat = pathlib.Path(f"/proc/{self.server.process.pid}/stat").read_text()
        ticks = stat.rpartition(")")[2].split()[11:13]
        return 1000 * sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.process.kill()
        self.server.process.wait()
