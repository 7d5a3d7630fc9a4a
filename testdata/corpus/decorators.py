# Own writing: decorators over several lines, with comments and blank lines between them.
import pytest


@pytest.mark.parametrize(
    "a, b",
    [
        (1, 2),  # first
        pytest.param(3, 4, id="x"),
    ],
)

# between
@pytest.mark.skipif(
    True, reason="(unbalanced"
) # after

@(lambda f: f)
async def test_decorated(a, b): assert a


class TestIt(
    object,  # why
    metaclass=type,
):
    @staticmethod
    def helper(): pass

    @property

    # between

    def value(self):
        return 1

    @value.setter
    def value(self, v): self._v = v

    @pytest.fixture(autouse=True)
    class Inner: pass
