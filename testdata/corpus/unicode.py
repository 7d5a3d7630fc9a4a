# Own writing: names, strings and comments outside ASCII and outside the basic plane. ☃
import naïve as ñ

größe = "😀" + f"{größe!r:>{ñ}} é"


class Prüfung(ñ.Fall):
    """Ein “Test” – 漢字."""

    def test_漢字(self, 値="𝒳"):  # 😀
        assert self.größe == 値, "é" "😀"

    münchen = b"\xc3"


def ᚠ(): return "\N{SNOWMAN}"
