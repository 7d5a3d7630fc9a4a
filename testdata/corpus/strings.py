# Own writing: strings that look like code, and code that looks like strings.
"""
def not_a_function():
    pass
class NotAClass:
"""
x = '''"""''' + """'''""" + "\"" + r"\\" + ''
y = ["""
""", (
    "def f(): ("
)]


def f():
    """Doc with 'quotes' and a \"""quote\""" and a backslash \\"""
    return """
    def g():
"""


class A:
    x = """
def not_code(): pass
"""
    def g(self): return b"\"" + rb'\''
