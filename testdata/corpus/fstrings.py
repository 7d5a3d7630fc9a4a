# Own writing: f-strings with quotes, braces, formats, comments and strings inside.
a = f"{x!r:>{width}.{digits}}" f'{{}}{y}' "plain {}"
b = f"""{
    f"{
        {'k': 1}['k']  # deep
    }"
}
def not_code():
    pass
"""
c = f'{a["b"]}' if f"{lambda_:^={n}}" else rf"\{d}"
d = f"{x = }{y=!s}{z:%Y-%m-%d}"


def f():
    g = f"""
class NotCode:
    {f"{a}"}
"""
    return f'{g:{f"{g}"}}'


h = f"{(lambda: {1: 2})()}"
i = f"{x:{'}'}}" + "{" + '#'
