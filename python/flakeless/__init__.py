"""Finds what makes pytest suites flaky. The program is `flakeless`; `python -m flakeless` starts it."""
