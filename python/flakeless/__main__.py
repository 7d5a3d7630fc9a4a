"""Starts the `flakeless` program that was installed with this package."""

import os
import subprocess
import sys
import sysconfig


def candidates():
    """Where installers put programs, most likely first."""
    name = "flakeless" + (sysconfig.get_config_var("EXE") or "")
    yield os.path.join(sysconfig.get_path("scripts"), name)
    # `pip install --user`
    user = "osx_framework_user" if sys.platform == "darwin" and sys._framework else f"{os.name}_user"
    if user in sysconfig.get_scheme_names():
        yield os.path.join(sysconfig.get_path("scripts", user), name)
    # `pip install --target`, whose programs lie in the folder that holds this package, and `--prefix`
    above = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    yield os.path.join(above, "bin", name)
    for _ in range(3):
        above = os.path.dirname(above)
    yield os.path.join(above, "Scripts" if os.name == "nt" else "bin", name)


def program():
    looked = list(candidates())
    for path in looked:
        if os.path.isfile(path):
            return path
    sys.exit(
        "The program `flakeless` is not where this package was installed. Install the package again. Looked at:\n"
        + "\n".join(looked)
    )


def main():
    command = [program(), *sys.argv[1:]]
    if os.name != "nt":
        os.execv(command[0], command)
    # Windows has no exec: the caller would not wait for the program.
    try:
        sys.exit(subprocess.run(command).returncode)
    except KeyboardInterrupt:
        sys.exit(2)


if __name__ == "__main__":
    main()
