def test_never_collected():
    raise AssertionError
