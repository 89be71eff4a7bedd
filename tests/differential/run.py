#!/usr/bin/env python3
"""Compares zhnorm with the official build of the OpenCC release that the tables are from.

    python3 tests/differential/run.py [--conversions N] [--seed S] [TEXT...]

All 16 configs, with and without the rare-character table: random texts made from the tables' entries, every
key of every table, the given text files (whole and by line), and the expectations of OpenCC's own test
suite; and the five derived tables against the official ones. Each text is converted whole and as a stream in
pieces. The official build comes from its wheel and source distribution, fetched by pip into a throw-away
place, or from ZHNORM_REFERENCE_PYTHON (a Python that has the wheel) and ZHNORM_REFERENCE_SDIST (the file).

Exit status: 0 all equal, 1 a difference or a failed build, 3 the official build cannot be had here.
"""

import argparse
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile

import cases
import official

UNAVAILABLE = 3


def upstream_expectations(folder):
    """Writes the cases of OpenCC's own test suite, which it runs with the rare characters in."""
    with official.sdist() as archive, tarfile.open(archive) as tar:
        member = f"opencc-{official.VERSION}/test/testcases/testcases.json"
        text = tar.extractfile(member).read().decode("utf-8")
    # The file has trailing commas, which JSON has not; none of its strings looks like one.
    by_config = collections.defaultdict(list)
    for case in json.loads(re.sub(r",(\s*[}\]])", r"\1", text))["cases"]:
        for config, expected in case["expected"].items():
            by_config[config].append((case["input"], expected))
    return sum(cases.write(folder, "testcases", config, "include", pairs) for config, pairs in by_config.items())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--conversions", type=int, default=200_000, help="random conversions (default %(default)s)")
    parser.add_argument("--seed", default="1", help="of the random texts (default %(default)s)")
    parser.add_argument("texts", nargs="*", type=pathlib.Path, help="text files to convert too")
    arguments = parser.parse_args()
    for path in arguments.texts:
        if not path.is_file():
            parser.error(f"{path} is not a file")

    with tempfile.TemporaryDirectory(prefix="zhnorm-differential-") as folder:
        folder = pathlib.Path(folder)
        try:
            expectations = upstream_expectations(folder)
            with official.python() as python:
                generate = [python, pathlib.Path(__file__).with_name("generate.py")]
                numbers = [f"--conversions={arguments.conversions}", f"--seed={arguments.seed}"]
                texts = [path.resolve() for path in arguments.texts]
                print("converting with the official build", flush=True)
                subprocess.run([*generate, *numbers, folder, *texts], check=True)
        except official.Unavailable as error:
            print(f"differential test NOT RUN, the official build cannot be had: {error}", file=sys.stderr)
            return UNAVAILABLE
        except subprocess.CalledProcessError as error:
            print(f"differential test failed: {error}", file=sys.stderr)
            return 1
        total = int((folder / "TOTAL").read_text()) + expectations
        (folder / "TOTAL").write_text(f"{total}\n")
        print(f"comparing {total} conversions, {expectations} of them upstream's expectations", flush=True)
        test = ["cargo", "test", "--release", "--test", "differential", "--", "--nocapture"]
        environment = {**os.environ, "ZHNORM_DIFFERENTIAL_CASES": str(folder)}
        return 1 if subprocess.run(test, cwd=official.ROOT, env=environment).returncode else 0


if __name__ == "__main__":
    sys.exit(main())
