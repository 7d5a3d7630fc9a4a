# Own writing: several statements a line, and statements that end with a semicolon.
import a; import b; from c import d
x = 1; y = 2;
def f(): x; y; return 1;
class A: x = 1; y = 2
class B:
    x = 1; y = 2
    def f(self): pass; pass
    import a; b = a
if x: y; z
else: w;
"""string"""; x
pass;
