from pathlib import Path


def test_note_is_written():
    Path("/tmp/once.txt").write_text("once")  # hint: [unisolated-file]
    assert Path("/tmp/once.txt").read_text() == "once"
