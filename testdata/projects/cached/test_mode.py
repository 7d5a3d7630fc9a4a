from settings import get_mode


def test_demo(monkeypatch):
    monkeypatch.setenv("SHOP_MODE", "demo")
    assert get_mode() == "demo"  # hint: [cached-between-tests]


def test_live():
    assert get_mode() == "live"
