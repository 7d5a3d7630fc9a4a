# coding: latin-1
def test_a():    open("ÿ")
