# Own writing: classes in classes, members between them, docstrings, one-line bodies.
class A:
    """Doc of A."""
    x = 1; y = 2

    class B(A if False else object):
        """Doc of B."""

        class C: z = 3

        # comment of B
        def f(self):
            class Local:
                def g(self): return Local
            return Local
        w = f

    # comment of A
    def after(self): ...


    if x:
        def conditional(self): pass
    elif y:
        class Conditional:
            pass
    else:
        pass

    def last(self):
        pass
        # deeper than the member
    # as deep as the member
# as deep as the class
class D(A): pass
class E(D):

    pass
