import time

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from stall import Base, Order


@pytest.fixture
def engine():
    engine = create_engine("sqlite:///stall.db")
    Base.metadata.create_all(engine)  # hint: [schema-migration]
    yield engine
    Base.metadata.drop_all(engine)
    engine.dispose()


def test_order_is_kept(engine):
    with Session(engine) as session:
        session.add(Order(fruit="apple"))
        session.commit()
        time.sleep(0.2)
        assert session.scalars(select(Order.fruit)).all() == ["apple"]
