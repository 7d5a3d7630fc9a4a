"""Names and texts that are not ASCII: 測試 😀."""

from depot import settings


def test_雪():
    雪 = "😀😀"; settings.EXPRESS = True  # 注意
    assert 雪 and settings.EXPRESS
