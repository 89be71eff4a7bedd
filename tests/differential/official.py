"""The official OpenCC build, in a throw-away place: a Python with its wheel, and its source distribution.

Nothing of it is kept in this repository. The version is always that of the imported tables.
"""

import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
VERSION = (ROOT / "data/opencc/VERSION").read_text().strip()

# A Python that has the wheel already, and a source distribution that is here already.
PYTHON_VARIABLE = "ZHNORM_REFERENCE_PYTHON"
SDIST_VARIABLE = "ZHNORM_REFERENCE_SDIST"


class Unavailable(Exception):
    """The official build cannot be had here."""


def run(command):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    except OSError as error:
        raise Unavailable(f"cannot run {command[0]}: {error}") from error
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no message"]
        raise Unavailable(f"{' '.join(map(str, command))}: {last[0]}")
    return done.stdout.strip()


@contextlib.contextmanager
def python():
    """Yields the path of a Python that can import the official OpenCC of our tables' version."""
    with tempfile.TemporaryDirectory(prefix="zhnorm-official-") as folder:
        interpreter = os.environ.get(PYTHON_VARIABLE)
        if not interpreter:
            print(f"installing the official OpenCC {VERSION} in a throw-away environment", flush=True)
            run([sys.executable, "-m", "venv", folder])
            interpreter = str(pathlib.Path(folder, "bin/python"))
            wheel_only = ["--only-binary", ":all:", "--no-deps", "--disable-pip-version-check"]
            run([interpreter, "-m", "pip", "install", "--quiet", *wheel_only, f"OpenCC=={VERSION}"])
        found = run([interpreter, "-c", "import opencc; print(opencc.__version__)"])
        if found != VERSION:
            raise Unavailable(f"{interpreter} has OpenCC {found}, the tables are of {VERSION}")
        yield interpreter


@contextlib.contextmanager
def sdist():
    """Yields the path of the source distribution of our tables' version."""
    given = os.environ.get(SDIST_VARIABLE)
    if given:
        if not pathlib.Path(given).is_file():
            raise Unavailable(f"{given} is not a file")
        yield pathlib.Path(given)
        return
    with tempfile.TemporaryDirectory(prefix="zhnorm-sdist-") as folder:
        print(f"fetching the source distribution of OpenCC {VERSION}", flush=True)
        source_only = ["--no-binary", "OpenCC", "--no-deps", "--disable-pip-version-check"]
        run([sys.executable, "-m", "pip", "download", "--quiet", *source_only, "--dest", folder, f"OpenCC=={VERSION}"])
        (archive,) = pathlib.Path(folder).glob("*.tar.gz")
        yield archive
