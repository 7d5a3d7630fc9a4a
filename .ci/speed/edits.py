"""What is typed: single changes on a line with a hint."""

from dataclasses import dataclass

from inputs import Input

KINDS = ["letter", "hint", "line", "bracket", "quote", "undo"]


@dataclass(frozen=True)
class Edit:
    kind: str
    start: tuple[int, int]
    end: tuple[int, int]
    text: str

    @property
    def change(self) -> dict:
        start, end = ({"line": line, "character": character} for line, character in (self.start, self.end))
        return {"range": {"start": start, "end": end}, "text": self.text}


def typed(file: Input, rounds: int) -> list[Edit]:
    """Ten edits a round. Each changes what we have published, so that each is answered:

    letter   two, into a name left of a hint, which moves by a column; they stay, so that no text but an undone one
             has been seen before: we keep what we have found in texts
    hint     into the name of the method that the hint is for: it goes
    line     above the hint, and with it half of all hints of the file
    bracket, quote   left open, left of the hint: the test does not parse
    undo     after each of these four: its opposite. Known texts are quick for us: not part of any other figure
    """
    line = file.line
    text = file.text.split("\n")[line]
    indent = " " * (len(text) - len(text.lstrip()))
    name = len(indent) + 1
    edits = []
    for _ in range(rounds):
        edits += [Edit("letter", (line, name + at), (line, name + at), "x") for at in range(2)]
        text = f"{text[:name]}xx{text[name:]}"
        value, method = text.index("report."), text.index("write_text") + 2
        for kind, column, new in (("hint", method, "x"), ("bracket", value, "("), ("quote", value, '"')):
            edits += [
                Edit(kind, (line, column), (line, column), new),
                Edit("undo", (line, column), (line, column + 1), ""),
            ]
        edits += [Edit("line", (line, 0), (line, 0), f"{indent}z = 1\n"), Edit("undo", (line, 0), (line + 1, 0), "")]
    return edits
