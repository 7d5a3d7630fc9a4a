import os
import time

import pytest

NAMES = {'a', 'b'}


@pytest.fixture(scope='session')
def fresh(request):
	os.environ['A'] = '1'
	yield open('/tmp/out.txt', 'w')


@pytest.mark.parametrize('name', NAMES)
async def test_name(name, fresh, monkeypatch):
	time.sleep(1)
	assert name in list({'a': 1})


class TestAll:
	def test_one(self):
		for path in os.listdir('.'):
			assert path
