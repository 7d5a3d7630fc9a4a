# Own writing: every clause that belongs to the statement above it, with comments in between.
if a:
    pass
# before elif
elif b:
    pass

elif c: pass
# before else
else:
    pass
for x in y:
    if x: break
else:
    pass
while x:
    pass
else: pass
try:
    pass
except* A:
    pass

# between
except* (B, C) as e: pass
else:
    pass
finally:
    pass


class A:
    try:
        import b
    except ImportError:
        b = None
    # between members
    else:
        c = 1
    with a as b, \
            c as d:
        pass
    match a:
        case [1, *rest] if rest:
            pass
        case {"k": v} | v:
            pass
