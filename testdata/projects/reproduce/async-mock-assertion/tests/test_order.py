import asyncio
import unittest
from unittest.mock import Mock

import stall


class OrderTest(unittest.IsolatedAsyncioTestCase):
    async def test_is_told(self):
        tell = Mock()
        await stall.order(["apple"], tell)
        await asyncio.sleep(0.1)
        tell.assert_called_once_with("Apple")  # hint: [async-mock-assertion] possible
