"""A program run to its end, and what it cost."""

import os
import subprocess
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock and on all cores, and the most memory in MB."""

    wall: float
    cpu: float
    peak: float
    status: int


def run(command: list[str], folder, environment: dict[str, str]) -> Cost:
    """From before the process is made until after it is gone. What it prints goes nowhere."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    # Linux counts ru_maxrss in KB.
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, process.returncode)
