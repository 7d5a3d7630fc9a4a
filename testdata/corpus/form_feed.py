# Own writing: form feeds before statements, in blank lines and in indentation.
import os

def f():
    return 1

class A:
    def g(self):
        return 2
    
    def h(self):
        return 3
x = f()
