from datetime import datetime


def test_pickup_is_soon():
    ordered = datetime.now()
    pickup = ordered.replace(second=ordered.second + 10)  # hint: [calendar-bomb]
    assert pickup > ordered
