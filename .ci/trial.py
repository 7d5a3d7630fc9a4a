"""One package of the corpus while flakeless is taken up there: what can happen to it, for .ci/adoption."""

import ast
import collections
import io
import pathlib
import subprocess
import tokenize

from history import BASELINE, Hints, Identity, Repository, Table, bare
from plans import Plan
from server import Editor

WRITE, PRUNE, IGNORE, STRICT = "--baseline=write", "--baseline=prune", "--baseline=ignore", "--strict-baseline"
NOTHING: Hints = collections.Counter()


def bad_test(name: str) -> str:
    return f'\n\ndef test_{name}():\n    import os\n\n    os.environ["MADE_UP_{name.upper()}"] = "1"\n'


def reloading_fixture(module: str) -> str:
    body = f"import importlib\n\n    import {module}\n\n    importlib.reload({module})\n    yield\n"
    return f"\n\n@pytest.fixture(autouse=True)\ndef fresh_module():\n    {body}"


def bad_hint(path: str, name: str) -> Hints:
    text = bare(f'os.environ["MADE_UP_{name.upper()}"]')
    return collections.Counter([Identity(path, "shared-state-leak", f"test_{name}", text)])


def where(hints: Hints, wanted) -> Hints:
    return collections.Counter({hint: count for hint, count in hints.items() if wanted(hint)})


def replaced(hints: Hints, **parts: str) -> Hints:
    return collections.Counter({hint._replace(**parts): count for hint, count in hints.items()})


class Trial:
    """One package on its way."""

    def __init__(self, plan: Plan, repository: Repository, table: Table, ruff: pathlib.Path):
        self.plan, self.repository, self.table, self.ruff = plan, repository, table, ruff
        self.all: Hints = NOTHING

    def add_bad_test(self, name: str) -> Hints:
        path = f"{self.plan.tests}/test_made_up_{name}.py"
        self.repository.write(path, bad_test(name).lstrip())
        return bad_hint(path, name)

    def edit(self) -> tuple[Hints, Hints]:
        """Edits the risky expression. Returns what is gone and what is new."""
        path, old, new = self.plan.edited
        gone = where(self.all, lambda hint: hint.path == path and hint.text == bare(old))
        assert gone.total() == 1, f"{path}: one hint at `{old}` was expected"
        (hint,) = [hint for hint in self.repository.check(IGNORE, path).list if self.repository.identity(hint) in gone]
        lines = self.repository.read(path).split("\n")
        at = hint["range"]["start"]["line"] - 1
        lines[at] = lines[at].replace(old, new)
        self.repository.write(path, "\n".join(lines))
        return gone, replaced(gone, text=bare(new))

    def rename_test(self) -> tuple[Hints, Hints]:
        path, old, new = self.plan.renamed
        gone = where(self.all, lambda hint: hint.path == path and (hint.test or "").rpartition("::")[2] == old)
        self.repository.write(path, self.repository.read(path).replace(f"def {old}(", f"def {new}("))
        (test,) = {hint.test for hint in gone}
        return gone, replaced(gone, test=test.replace(old, new))

    def move_file(self) -> tuple[Hints, Hints]:
        old, new = self.plan.moved
        gone = where(self.all, lambda hint: hint.path == old)
        self.repository.git("mv", old, new)
        return gone, replaced(gone, path=new)

    def quiet(self, step: str) -> None:
        self.table.check(step, NOTHING, self.repository.check(STRICT))

    def editor(self, typed: str = "") -> Editor:
        """An editor with the file that the plan moves, where something was typed at the end."""
        repository, path = self.repository, self.plan.moved[0]
        return Editor([repository.binary, "server"], repository.folder, repository.folder / path, repository.read(path), typed)

    def call_ruff(self, *arguments: str) -> None:
        subprocess.run([self.ruff, *arguments], cwd=self.repository.folder, capture_output=True, check=True)

    def strict_alone(self) -> int:
        """Whether what is gone fails by itself: with the new hints accepted, and the old entries kept."""
        repository = self.repository
        old = repository.read(BASELINE)
        repository.check(WRITE)
        fresh = repository.read(BASELINE).split("\n")
        kept = [line for line in old.split("\n") if line.startswith("    {") and line not in fresh]
        repository.write(BASELINE, "\n".join(fresh[:3] + kept + fresh[3:]))
        seen = repository.check(STRICT)
        repository.write(BASELINE, old)
        return seen.code if not seen.hints else -1

    def accept_on_branches(self) -> Hints:
        new = NOTHING
        for name in ("theirs", "ours"):
            self.repository.branch(name)
            self.repository.commit("begin")
            new = new + self.add_bad_test(name)
            self.repository.check(WRITE)
            self.repository.commit(f"accept {name}")
        return new

    def concerned(self, step: str, expected: Hints | None, base: str = "main") -> Hints:
        """What `--since` reports: what is expected, and what `git diff` says."""
        repository = self.repository
        lines = repository.changed_lines(repository.git("merge-base", base, "HEAD").strip())

        def touches(place: dict) -> bool:
            first, last = (place["range"][side]["line"] for side in ("start", "end"))
            return not lines[place["path"]].isdisjoint(range(first, last + 1))

        every = repository.check(IGNORE)
        by_git = collections.Counter(repository.identity(hint) for hint in every.list if any(map(touches, [hint, *hint["related"]])))
        seen = repository.check(IGNORE, "--since", base)
        if expected is not None:
            self.table.hints(f"{step}, as planned", expected, by_git)
        self.table.check(step, by_git, seen)
        return by_git


def same_code(before: str, after: str) -> bool:
    """Whether only comments differ."""
    passed = (tokenize.COMMENT, tokenize.NL)
    parts = lambda text: [(t.type, t.string) for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.type not in passed]
    return parts(before) == parts(after) and ast.dump(ast.parse(before)) == ast.dump(ast.parse(after))
