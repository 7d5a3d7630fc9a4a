import importlib
import os
import unittest
from unittest.mock import patch

from shop import config


class TestConfig(unittest.TestCase):
    def test_1_debug(self):
        with patch.dict(os.environ, {"DEBUG": "1"}):
            importlib.reload(config)  # hint: [module-reload]
            self.assertTrue(config.DEBUG)

    def test_2_no_debug(self):
        self.assertFalse(config.DEBUG)
