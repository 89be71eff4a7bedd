"""Check the test material: alignment, columns, and that each part is what it says.

Two sides of a passage must have the same lines and, in each line, the same
number of code points, because every judge of normalization counts wrong
characters position by position. A pair of characters that OpenCC's tables do
not connect is printed: each one is either a mistake or has to be listed, with
its reason, in ACCEPTED below. Rows of the keep and repair tables must be well
formed and in one half only; neutral lines must not hold a character that any
table converts. Prints what there is; exits 1 if anything is wrong.

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


def check_passages(simplified_of, faults):
    pairs = []
    for half in ("passages/dev", "passages/held", "japanese"):
        pairs += sorted((HERE / half).glob("*.hans.txt"))
    for hans in pairs:
        hant = traditional_side(hans)
        left = hant.read_text(encoding="utf-8").split("\n")
        right = hans.read_text(encoding="utf-8").split("\n")
        if len(left) != len(right):
            faults.append(f"{hans.name}: {len(right)} lines, {hant.name}: {len(left)}")
            continue
        han = 0
        for number, (a, b) in enumerate(zip(left, right), 1):
            if len(a) != len(b):
                faults.append(f"{hans.name}:{number}: {len(b)} characters, not {len(a)}")
                continue
            for column, (x, y) in enumerate(zip(a, b)):
                han += is_han(y)
                if y not in simplified_of(x) and (x, y) not in ACCEPTED:
                    context = a[max(0, column - 3) : column + 4]
                    faults.append(f"{hans.name}:{number}: {x} / {y} in {context}")
        print(f"{hans.relative_to(HERE)}: {len(left) - 1} lines, {han} Han")


def rows(name, faults):
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()[1:]
    for number, line in enumerate(lines, 2):
        fields = line.split("\t")
        if len(fields) == 4 and all(fields):
            yield number, fields
        else:
            faults.append(f"{name}:{number}: expected four columns")


def check_tables(faults):
    seen = {}
    for half in ("dev", "held"):
        name = f"keep.{half}.tsv"
        count = sentences = 0
        for number, (text, target, deceptive, _) in rows(name, faults):
            count += 1
            sentences += len(deceptive) > 2
            if target not in ("hans", "hant", "tw", "hk"):
                faults.append(f"{name}:{number}: unknown target {target}")
            if not all(c in text for c in deceptive):
                faults.append(f"{name}:{number}: {deceptive} not all in {text}")
            if text in seen:
                faults.append(f"{name}:{number}: also in {seen[text]}")
            seen[text] = name
        print(f"{name}: {count} rows, {sentences} with three traps or more")
    for half in ("dev", "held"):
        name = f"repair.{half}.tsv"
        families = {}
        for number, (damaged, right, family, _) in rows(name, faults):
            families[family] = families.get(family, 0) + 1
            if damaged == right or len(damaged) != len(right):
                faults.append(f"{name}:{number}: not an aligned repair")
            if damaged in seen:
                faults.append(f"{name}:{number}: {damaged} is in {seen[damaged]}")
            seen[damaged] = name
        total = sum(families.values())
        print(f"{name}: {total} rows", ", ".join(f"{k} {v}" for k, v in families.items()))


def check_neutral(folder, faults):
    telling = set()
    for name in FORWARD + BACKWARD:
        for key, values in table(folder / name).items():
            if values != [key]:
                telling |= {key, *values}
    lines = (HERE / "detect" / "neutral.txt").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        found = telling.intersection(line)
        if found or lines.count(line) > 1:
            faults.append(f"neutral.txt:{number}: {line} {''.join(found)}")
    print(f"detect/neutral.txt: {len(lines)} lines")


def main():
    default = HERE.parent.parent / "data" / "opencc"
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    faults = []
    check_passages(connections(folder), faults)
    check_tables(faults)
    check_neutral(folder, faults)
    print("\n".join(faults) if faults else "nothing wrong")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
