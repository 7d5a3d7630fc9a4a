"""Of a market stall: what is tested here."""

import threading
import time


class Bell:
    """Rings for as long as the stall is open."""

    def __init__(self):
        self.is_open = True
        self.rung = 0

    def start(self):
        self.thread = threading.Thread(target=self.ring, daemon=True)
        self.thread.start()

    def ring(self):
        while self.is_open:
            self.rung += 1
            time.sleep(0.1)

    def stop(self):
        self.is_open = False
        self.thread.join()
