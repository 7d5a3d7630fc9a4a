import stall


def test_closed_sign():
    assert stall.sign() == "closed"


def test_open_sign(monkeypatch):
    monkeypatch.setattr(stall, "OPEN", True)
    assert stall.sign() == "open"  # hint: [cached-between-tests]
