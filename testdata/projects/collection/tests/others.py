def test_never():
    raise AssertionError("this file is not collected")
