"""A terminal's screen, as tmux captures it with its colours, as an SVG picture."""

import html
import re
import unicodedata

CELL_WIDTH, CELL_HEIGHT = 8.4, 18
FONT = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
FOREGROUND, BACKGROUND = 38, 48
BOLD, ITALIC, UNDERLINED, REVERSED = 1, 3, 4, 7


def picture(screen: str, title: str, columns: int, foreground: str, background: str) -> str:
    """The colours given are those of cells that say none."""
    rows = screen.rstrip("\n").split("\n")
    width, height = columns * CELL_WIDTH + 20, len(rows) * CELL_HEIGHT + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" font-size="14"'
        f' font-family="{FONT}">',
        f"<title>{html.escape(title)}</title>",
        f'<rect width="100%" height="100%" rx="8" fill="{background}"/>',
    ]
    style = {}
    for row, line in enumerate(rows):
        column = 0
        for codes, text in re.findall(r"\x1b\[([\d;:]*)m|([^\x1b]+)", line):
            if text:
                parts += cells(row, column, text, style, foreground, background)
                column += cells_of(text)
            else:
                apply(codes, style)
    return "\n".join([*parts, "</svg>", ""])


def cells_of(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def apply(codes: str, style: dict) -> None:
    """Select Graphic Rendition; `4:3` and the like are kinds of underline."""
    numbers = [int(code.split(":")[0] or 0) for code in codes.split(";")]
    while numbers:
        code = numbers.pop(0)
        if code == 0:
            style.clear()
        elif code in (FOREGROUND, BACKGROUND) and numbers[:1] == [2]:
            style[code] = "#{:02x}{:02x}{:02x}".format(*numbers[1:4])
            del numbers[:4]
        elif code in (FOREGROUND + 1, BACKGROUND + 1):
            style.pop(code - 1, None)
        elif code == 22:
            style.pop(BOLD, None)
        elif code in (23, 24, 27):
            style.pop(code - 20, None)
        else:
            style[code] = True


def cells(row: int, column: int, text: str, style: dict, foreground: str, background: str) -> list[str]:
    front, back = style.get(FOREGROUND, foreground), style.get(BACKGROUND, background)
    if style.get(REVERSED):
        front, back = back, front
    x, y, width = 10 + column * CELL_WIDTH, 10 + row * CELL_HEIGHT, cells_of(text) * CELL_WIDTH
    parts = []
    if back != background:
        parts.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{CELL_HEIGHT}" fill="{back}"/>')
    if text.strip():
        looks = ' font-weight="bold"' if style.get(BOLD) else ""
        looks += ' font-style="italic"' if style.get(ITALIC) else ""
        looks += ' text-decoration="underline"' if style.get(UNDERLINED) else ""
        parts.append(
            f'<text x="{x:.1f}" y="{y + 13}" textLength="{width:.1f}" fill="{front}"{looks}'
            f' xml:space="preserve">{html.escape(text)}</text>'
        )
    return parts
