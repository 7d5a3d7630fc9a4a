"""Packages of the corpus whose tests the real pytest can run, the environments for them, and the binary to test.

The corpus is $FLAKELESS_CORPUS (default target/corpus), the environments lie in target/suites, the binary is $FLAKELESS
(default: the newer of target/release and target/debug).
"""

import hashlib
import os
import pathlib
import subprocess
import sys
import venv
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / "target/suites"
CORPUS = pathlib.Path(os.environ.get("FLAKELESS_CORPUS", ROOT / "target/corpus")).resolve()

PYTEST = "pytest==9.2.0"


@dataclass(frozen=True)
class Suite:
    """A package of the corpus whose tests can be collected once these are installed."""

    name: str
    requirements: tuple[str, ...]
    pytest: str = PYTEST
    # Where its code is imported from, when not from what is installed.
    path: str = ""
    # Seconds that one run of its test files may take.
    timeout: int = 1200
    # Arguments that leave out tests which do not end, or need what is not there.
    without: tuple[str, ...] = ()


SUITES = [
    Suite(
        "aiohttp-3.12.15",
        (
            "aiohttp==3.12.15", "blockbuster", "freezegun", "isal", "pytest-codspeed", "pytest-cov",
            "pytest-mock==3.17.0", "pytest-xdist==3.8.0", "re-assert", "time-machine", "trustme", "yarl",
            "proxy.py", "zlib_ng",
        ),
        "pytest==8.4.2",
    ),
    Suite(
        "anyio-4.9.0",
        (
            "anyio[trio]==4.9.0", "blockbuster", "exceptiongroup", "hypothesis", "psutil",
            "pytest-mock==3.17.0", "trustme",
        ),
        "pytest==8.4.2",
    ),
    Suite(
        "celery-5.5.3",
        (
            "celery==5.5.3", "cryptography", "gevent", "pytest-click==1.1.0", "pytest-subtests==0.14.2",
            "pytest-timeout==2.3.1", "setuptools",
        ),
        "pytest==8.3.5",
    ),
    Suite("click-8.2.1", ("click==8.2.1",)),
    Suite(
        "filelock-3.18.0",
        (
            "filelock==3.18.0", "pytest-asyncio==1.5.0", "pytest-mock==3.17.0", "pytest-timeout", "virtualenv",
        ),
    ),
    # Its tests take a name from pytest's inside that pytest 9 does not have.
    Suite("flask-3.1.1", ("flask[async]==3.1.1", "python-dotenv==1.1.1"), "pytest==8.4.2"),
    Suite("freezegun-1.5.3", ("freezegun==1.5.3", "python-dateutil")),
    Suite(
        "httpx-0.28.1",
        (
            "httpx[brotli,cli,http2,socks,zstd]==0.28.1", "chardet==5.2.0", "trio", "trustme",
            "uvicorn==0.35.0",
        ),
    ),
    Suite(
        "kombu-5.5.4",
        ("kombu[redis,sqs,yaml,msgpack]==5.5.4", "Pyro4==4.82", "hypothesis", "pytest-freezer==0.4.9", "setuptools<80"),
        "pytest==8.3.5",
    ),
    Suite("networkx-3.6.1", ("networkx==3.6.1", "numpy==2.4.6", "scipy==1.17.1", "sympy==1.14.0")),
    Suite(
        "requests-2.32.4",
        (
            "requests[socks]==2.32.4", "pytest-httpbin==2.1.0", "pytest-mock==3.17.0", "trustme",
        ),
        "pytest==8.4.2",
    ),
    Suite("starlette-0.47.1", ("starlette[full]==0.47.1", "trio", "typing_extensions")),
    Suite("tenacity-9.1.2", ("tenacity==9.1.2", "tornado==6.6.1", "typeguard")),
    Suite(
        "trio-0.30.0",
        (
            "trio==0.30.0", "astor", "async_generator", "cryptography", "jedi", "pyopenssl", "pyright",
            "trustme",
        ),
        "pytest==8.4.2",
        "src",
    ),
    # With websockets 17 its test_headers never ends.
    Suite(
        "uvicorn-0.35.0",
        (
            "uvicorn[standard]==0.35.0", "a2wsgi", "httpx==0.28.1", "pytest-mock==3.17.0",
            "pytest-xdist==3.8.0", "trustme", "typing_extensions", "websockets==15.0.1", "wsproto",
        ),
    ),
    Suite(
        "werkzeug-3.1.3",
        (
            "werkzeug[watchdog]==3.1.3", "cffi==2.1.1", "cryptography==50.0.2",
            "ephemeral-port-reserve==1.1.4", "greenlet==3.5.6", "pytest-timeout==2.4.0",
        ),
    ),
    Suite(
        "xarray-2026.9.0",
        (
            "xarray==2026.9.0", "numpy==2.4.6", "pandas==3.1.1", "pytz==2026.6", "hypothesis==6.170.17",
            "pytest-asyncio==1.5.0", "dask[array]==2026.8.0", "distributed==2026.8.0",
        ),
    ),
]


def environment(requirements: list[str]) -> pathlib.Path:
    """A virtual environment with these packages, made once; its python."""
    key = hashlib.sha256("\n".join(sorted(requirements)).encode()).hexdigest()[:12]
    folder = WORK / f"venv-{key}"
    python = folder / "bin/python"
    if not (folder / "complete").exists():
        try:
            venv.create(folder, with_pip=True, clear=True)
        except subprocess.CalledProcessError:
            sys.exit("python3 cannot make virtual environments: apt-get install python3-venv")
        quiet = ["-q", "--disable-pip-version-check"]
        subprocess.run([python, "-m", "pip", "install", *quiet, *requirements], check=True)
        (folder / "complete").touch()
    return python


def flakeless() -> pathlib.Path:
    if "FLAKELESS" in os.environ:
        return pathlib.Path(os.environ["FLAKELESS"]).resolve()
    built = [ROOT / f"target/{profile}/flakeless" for profile in ("release", "debug")]
    built = [binary for binary in built if binary.exists()]
    if not built:
        sys.exit("no flakeless: cargo build")
    return max(built, key=lambda binary: binary.stat().st_mtime)
