# Own writing: every line ends with CRLF.
import os


class A(
    object,  # why
):
    """Doc
    of A."""

    def f(self):  # comment
        if self:
            return """a
b"""
        else:
            return os.path \
                .join("a")

    # end

    x = f"""{
  os.sep  # in
}"""

try:
    pass
except Exception:
    pass
