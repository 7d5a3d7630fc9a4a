import os
import unittest
from unittest.mock import patch

import settings


class ModeTests(unittest.TestCase):
    def test_mode(self):
        with patch.dict(os.environ, {"SHOP_MODE": "test"}):
            self.assertEqual(settings.get_mode(), "test")  # hint: [cached-between-tests]
