x = f"{a!r:{b}}" if (
\
) else [*y for y in z]
class é(  
@d
def test_(self, *, a=lambda: (yield)): pass
	match x:
case {"a": [1, *_]}: ...
