import os
import time
import unittest
from unittest import mock
from unittest.mock import patch

import app
import pytest


def test_unnamed():
    patch("app.URL", "http://localhost").start()  # hint: [started-not-stopped]
    assert app.get() == "http://localhost"


def test_unnamed_victim():
    assert app.get() == "https://example.org"


def test_named():
    patcher = patch.object(app, "get", return_value="nothing")
    patcher.start()  # hint: [started-not-stopped]
    assert app.get() == "nothing"


def test_named_victim():
    assert app.get() != "nothing"


def test_by_hand():
    patches = pytest.MonkeyPatch()  # hint: [started-not-stopped]
    patches.setenv("SHOP", "by hand")
    assert os.environ["SHOP"] == "by hand"


def test_by_hand_victim():
    assert os.environ.get("SHOP") != "by hand"


class TestOfCase(unittest.TestCase):
    def setUp(self):
        self.cwd = mock.patch("os.getcwd", return_value="nowhere").start()  # hint: [started-not-stopped]

    def test_cwd(self):
        assert os.getcwd() == self.cwd.return_value


def test_of_case_victim():
    assert os.getcwd() != "nowhere"


class TestOfClass(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.patcher = mock.patch.dict("os.environ", {"SHOP": "of class"})
        cls.patcher.start()  # hint: [started-not-stopped]

    def test_shop(self):
        assert os.environ["SHOP"] == "of class"


def test_of_class_victim():
    assert os.environ.get("SHOP") != "of class"


@pytest.fixture
def deaf():
    patcher = patch("os.listdir", return_value=[])
    patcher.start()  # hint: [started-not-stopped]
    yield


def test_deaf(deaf):
    assert os.listdir() == []


def test_deaf_victim():
    assert os.listdir() != []


class TestSetUp:
    def setup_method(self):
        self.patcher = mock.patch("os.cpu_count", return_value=77)
        self.patcher.start()  # hint: [started-not-stopped]

    def test_count(self):
        assert os.cpu_count() == 77


def test_set_up_victim():
    assert os.cpu_count() != 77


def test_zone(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()  # hint: [started-not-stopped]
    assert time.tzname[0] == "JST"


def test_zone_victim():
    assert time.tzname[0] != "JST"
