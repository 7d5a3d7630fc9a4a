import socket
import time


def test_till():
    with socket.create_server(("127.0.0.1", 0)) as till:
        time.sleep(0.3)
        assert till.fileno() > 0
