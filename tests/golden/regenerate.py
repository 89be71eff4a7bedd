#!/usr/bin/env python3
"""Writes `expected/`: what the official OpenCC build makes of each golden text in every config.

    python3 tests/golden/regenerate.py           # writes the files
    python3 tests/golden/regenerate.py --check   # says which would change

A line of `expected/<name>.tsv` is a line number of `<name>.txt` (from 1), the conversions that agree on it,
and their result, with a tab between and the escapes of tests/differential/cases.py. A conversion that is
not named for a line leaves the line as it is. `t2s:exclude` is `t2s` without the rare-character table.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

GOLDEN = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(GOLDEN.parent / "differential"))

import cases  # noqa: E402
import official  # noqa: E402

CONFIGS = "s2t s2tw s2twp s2hk s2hkp t2s tw2s tw2sp hk2s hk2sp t2tw tw2t t2hk hk2t t2jp jp2t".split()
# The only ones whose result can depend on the rare characters.
TO_SIMPLIFIED = "t2s tw2s tw2sp hk2s hk2sp".split()


def expected(text, converters):
    """The lines of an expectation file."""
    lines = text.split("\n")
    results = {}
    for name, convert in converters.items():
        # Converted whole, so that what happens at line ends is part of what is expected.
        converted = convert(text).split("\n")
        assert len(converted) == len(lines), "no entry has a newline"
        for number, (line, result) in enumerate(zip(lines, converted), 1):
            if result != line:
                results.setdefault((number, result), []).append(name)
    ordered = sorted(results.items(), key=lambda item: (item[0][0], list(converters).index(item[1][0])))
    return "".join(f"{number}\t{' '.join(names)}\t{cases.escape(result)}\n" for (number, result), names in ordered)


def convert_all(folder):
    """Runs inside the official build's Python: one file in `folder` for each golden text."""
    import opencc

    converters = {name: opencc.OpenCC(name).convert for name in CONFIGS}
    converters |= {f"{name}:exclude": opencc.OpenCC(name, False).convert for name in TO_SIMPLIFIED}
    for path in sorted(GOLDEN.glob("*.txt")):
        text = path.read_bytes().decode("utf-8")
        result = folder / f"{path.stem}.tsv"
        result.write_bytes(expected(text, converters).encode("utf-8"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, fail if a file would change")
    parser.add_argument("--convert-into", type=pathlib.Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.convert_into:
        convert_all(arguments.convert_into)
        return 0

    folder = GOLDEN / "expected"
    with tempfile.TemporaryDirectory(prefix="zhnorm-golden-") as made:
        try:
            with official.python() as python:
                subprocess.run([python, __file__, "--convert-into", made], check=True)
        except official.Unavailable as error:
            print(f"the official build cannot be had: {error}", file=sys.stderr)
            return 3
        new = {path.name: path.read_bytes() for path in pathlib.Path(made).iterdir()}
    old = {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}
    changed = sorted(name for name in new.keys() | old.keys() if new.get(name) != old.get(name))
    for name in changed:
        print(f"{'differs' if arguments.check else 'written'}: expected/{name}")
    if arguments.check:
        return 1 if changed else 0
    folder.mkdir(exist_ok=True)
    for name in changed:
        if name in new:
            (folder / name).write_bytes(new[name])
        else:
            (folder / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
