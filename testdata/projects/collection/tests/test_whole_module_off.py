__test__ = False


def test_never():
    raise AssertionError
