# Own writing: tabs, alone and after spaces, and blocks of different widths.
class A:
	def f(self):
		if self:
			return 1
		else:
		    return 2

	x = [
1,
	]

def g():
        if 1:
        	return (
		2
	    )
        return 3

class B:
  def f(self):
   return 1

  def g(self):
            return 2
