"""A small client of the language server, for the scripts beside it."""

import contextlib
import json
import queue
import subprocess
import threading
import time


class Server:
    """A language server over its standard input and output. What it asks is answered with null.

    Its answers and what it publishes come with the time when their last byte was here.
    """

    def __init__(self, command, environment=None):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
        self.answers = queue.Queue()
        self.published = queue.Queue()
        self.last_id = 0
        self.may_read = threading.Event()
        self.may_read.set()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        out = self.process.stdout
        while True:
            self.may_read.wait()
            length = 0
            while (line := out.readline().strip()) != b"":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not length:
                return
            body = out.read(length)
            at = time.perf_counter()
            if len(body) < length:
                return
            message = json.loads(body)
            if "method" in message and "id" in message:
                self.asked(message)
            elif message.get("method") == "textDocument/publishDiagnostics":
                self.published.put((at, message["params"]))
            elif "id" in message:
                self.answers.put((at, message))

    def asked(self, message):
        """Answers a request of the server, unless its input was closed."""
        with contextlib.suppress(OSError, ValueError):
            self.send({"id": message["id"], "result": None})

    def send(self, message):
        """When the first byte is sent."""
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        at = time.perf_counter()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()
        return at

    def stop(self, seconds=60):
        """Says `shutdown` and `exit`, and gives the exit code of the process, which has so long to end."""
        self.request("shutdown", None)
        self.notify("exit", None)
        return self.process.wait(timeout=seconds)

    def notify(self, method, params):
        return self.send({"method": method, "params": params})

    def request(self, method, params):
        self.last_id += 1
        self.send({"id": self.last_id, "method": method, "params": params})
        while True:
            at, answer = self.answers.get(timeout=120)
            if answer["id"] == self.last_id:
                return at, answer


class Editor:
    """An editor with one file of a project open, that asks for hints and for what is offered."""

    ABILITIES = {
        "general": {"positionEncodings": ["utf-8"]},
        "textDocument": {
            "diagnostic": {},
            "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}},
        },
    }

    def __init__(self, command, folder, path, text, typed=""):
        """`typed` comes to the end of `text`."""
        self.server, self.document = Server(command), {"uri": path.as_uri()}
        start = {"processId": None, "rootUri": folder.as_uri(), "capabilities": self.ABILITIES}
        self.server.request("initialize", start)
        self.server.notify("initialized", {})
        opened = {**self.document, "languageId": "python", "version": 1, "text": text}
        self.server.notify("textDocument/didOpen", {"textDocument": opened})
        if typed:
            end = {"line": text.count("\n"), "character": len(text.encode()) - text.encode().rfind(b"\n") - 1}
            changes = [{"range": {"start": end, "end": end}, "text": typed}]
            document = {**self.document, "version": 2}
            self.server.notify("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    def hints(self):
        return self.server.request("textDocument/diagnostic", {"textDocument": self.document})[1]["result"]["items"]

    def offers(self, where):
        """The titles of what is offered at a range that `check` printed."""
        ends = {side: {"line": at["line"] - 1, "character": at["column"] - 1} for side, at in where.items()}
        asked = {"textDocument": self.document, "range": ends, "context": {"diagnostics": []}}
        return {action["title"] for action in self.server.request("textDocument/codeAction", asked)[1]["result"]}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.stop()
