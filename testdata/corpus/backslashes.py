# Own writing: lines joined by backslashes where they hurt.
x = \
    1
from a \
    import b
if x and \
   y:
    pass
assert x, \
    "a\
b" \
    'c'


class A \
        (object):
    def f \
            (self):
        return \
            1

    x = 1 + \
2

    @decorator \
        .x
    def g(self): pass
with a \
        as b: pass
y = "#\\"  # \
z = 1
