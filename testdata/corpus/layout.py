
# Own writing: a byte order mark, blank lines with spaces, odd indentation in brackets, no line end at the end.

def f(a,
b=(
1,
)): return [
x
        for x in a  # comment
    ]
   

class A:
      def g(self):
# comment at column 0
            if self:
# again
                    pass
       # between
            return (self.
                    x)


      def h(
  self
      ):
          type(self).count = 1
          print(*self.items(), sep="")
          with (open("a") if self else open("b")) as f, open("c") as g: pass
          del f; return lambda *a, **k: (yield)