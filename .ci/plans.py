"""What .ci/adoption does to packages of the corpus."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """What happens to a package."""

    package: str
    tests: str
    # A file, one risky expression in it, and what becomes of it.
    edited: tuple[str, str, str]
    # A file, the name of a test with a hint, and its new name.
    renamed: tuple[str, str, str]
    # A file with hints, and where it goes.
    moved: tuple[str, str]
    # A conftest, and the module that it begins to reload; tests compare with its classes.
    reloads: tuple[str, str]
    # A pattern, and a rule that has hints in its files and elsewhere.
    ignored: tuple[str, str]


PLANS = [
    Plan(
        "celery-5.5.3",
        "t/unit",
        ("t/unit/app/test_celery.py", "celery.VERSION", "celery.SERIES"),
        ("t/unit/bin/test_beat.py", "test_cli_quiet", "test_cli_silent"),
        ("t/unit/backends/test_cassandra.py", "t/unit/apps/test_column_store.py"),
        ("t/unit/conftest.py", "celery.utils.imports"),
        ("t/unit/backends/**", "shared-state-leak"),
    ),
    Plan(
        "redis-6.2.0",
        "tests",
        ("tests/test_lock.py", "bt > (time.monotonic() - start)", "(time.monotonic() - start) < bt"),
        ("tests/test_lock.py", "test_context_manager_blocking_timeout", "test_blocking_timeout_of_manager"),
        ("tests/test_auth/test_token_manager.py", "tests/test_tokens.py"),
        ("tests/conftest.py", "redis.commands.search.result"),
        ("tests/test_asyncio/**", "elapsed-time-assertion"),
    ),
]
