import time

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from stall import Base, Order


@pytest.fixture
def engine(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/stall.db")
    Base.metadata.create_all(engine)
    yield engine
    Base.metadata.drop_all(engine)
    engine.dispose()


def test_order_is_kept(engine):
    with Session(engine) as session:
        session.add(Order(fruit="apple"))
        session.commit()
        time.sleep(0.2)
        assert session.scalars(select(Order.fruit)).all() == ["apple"]
