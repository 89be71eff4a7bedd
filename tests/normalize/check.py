"""Check that every pair of clean passages is aligned, and list the pairs to review.

Two sides of a passage must have the same lines and, in each line, the same
number of code points, because every judge of normalization counts wrong
characters position by position. A pair of characters that OpenCC's tables do
not connect is printed: each one is either a mistake or has to be listed, with
its reason, in ACCEPTED below. Exits 1 on any misalignment or unlisted pair.

    python3 tests/normalize/check.py [DICTIONARY_DIR]

DICTIONARY_DIR holds OpenCC's text tables and defaults to data/opencc.
"""

import pathlib
import sys
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent

# (Traditional, Simplified) pairs that are right although no table has them.
ACCEPTED = {
    ("瞇", "眯"),  # to narrow the eyes: 眯 on the mainland, in no OpenCC table
}

# A table read from Simplified to Traditional, and one read the other way.
FORWARD = ("STCharacters.txt", "TWVariants.txt", "HKVariants.txt")
BACKWARD = ("TSCharacters.txt",)


def table(path):
    pairs = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and line[0] not in "#@" and "\t" in line:
            key, values = line.split("\t")[:2]
            if len(key) == 1:
                pairs[key] = [v for v in values.split() if len(v) == 1]
    return pairs


def connections(folder):
    """All Simplified forms a Traditional character may have."""
    variants = {}
    for name in FORWARD[1:]:
        for key, values in table(folder / name).items():
            for value in values:
                variants.setdefault(value, set()).add(key)
    simplified = {}
    for key, values in table(folder / FORWARD[0]).items():
        for value in values:
            simplified.setdefault(value, set()).add(key)
    for key, values in table(folder / BACKWARD[0]).items():
        simplified.setdefault(key, set()).update(values)

    def of(char):
        spellings = {char} | variants.get(char, set())
        found = set(spellings)
        for spelling in spellings:
            found |= simplified.get(spelling, set())
        return found

    return of


def traditional_side(simplified):
    stem = simplified.name[: -len(".hans.txt")]
    for script in ("hant", "hk"):
        other = simplified.with_name(f"{stem}.{script}.txt")
        if other.exists():
            return other
    raise SystemExit(f"{simplified}: no Traditional side")


def is_han(char):
    return unicodedata.name(char, "").startswith("CJK UNIFIED")


def main():
    default = HERE.parent.parent / "data" / "opencc"
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    simplified_of = connections(folder)
    faults = 0
    for half in ("dev", "held"):
        for hans in sorted((HERE / "passages" / half).glob("*.hans.txt")):
            hant = traditional_side(hans)
            left = hant.read_text(encoding="utf-8").split("\n")
            right = hans.read_text(encoding="utf-8").split("\n")
            if len(left) != len(right):
                print(f"{hans.name}: {len(right)} lines, {hant.name}: {len(left)}")
                faults += 1
                continue
            han = 0
            for number, (a, b) in enumerate(zip(left, right), 1):
                if len(a) != len(b):
                    print(f"{hans.name}:{number}: {len(b)} characters, {hant.name}: {len(a)}")
                    faults += 1
                    continue
                for column, (x, y) in enumerate(zip(a, b)):
                    han += is_han(y)
                    if y not in simplified_of(x) and (x, y) not in ACCEPTED:
                        context = a[max(0, column - 3) : column + 4]
                        print(f"{hans.name}:{number}: {x} / {y} in {context}")
                        faults += 1
            print(f"{half}/{hans.name[:-9]}: {len(left) - 1} lines, {han} Han")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
