"""Write the character maps that damage.py applies, from public tables.

    python3 tests/normalize/maps/make_maps.py UNICODE_DIR DICTIONARY_DIR

UNICODE_DIR holds the Unicode Character Database with Unihan (plain, or as
Debian's package unicode-data installs it, with .bz2); DICTIONARY_DIR holds
OpenCC's text tables. Every choice is drawn from a generator with a fixed seed,
so the same tables give the same maps. What is not listed stays as it is.

  st-first.tsv   each Simplified character as OpenCC's first candidate
  st-last.tsv    each as its last candidate that is not itself
  rare.tsv       Traditional characters and their rare variants
  marks.tsv      characters and the radicals or compatibility ideographs for them
  synthetic-1.tsv, synthetic-2.tsv   converters that exist nowhere else
"""

import bz2
import hashlib
import pathlib
import random
import sys

HERE = pathlib.Path(__file__).resolve().parent
RELATIONS = ("kSemanticVariant", "kZVariant", "kSpecializedSemanticVariant")
# Share of the characters of a synthetic converter that come out odd, when the
# table gives them a choice and when it does not. The article's converter turns
# 9 % of all its characters into something odd.
ODD_AMONG_CANDIDATES = 0.5
ODD_AMONG_UNCHANGED = 0.15
ODD_AMONG_CERTAIN = 0.12


class Sources:
    """Reads files and remembers what was read, for the header of each map."""

    def __init__(self, unicode_dir, dictionary_dir):
        self.unicode_dir = unicode_dir
        self.dictionary_dir = dictionary_dir
        self.sums = {}

    def unicode(self, name):
        plain = self.unicode_dir / name
        if plain.exists():
            data = plain.read_bytes()
        else:
            data = bz2.decompress((self.unicode_dir / f"{name}.bz2").read_bytes())
        return self._lines(name, data)

    def dictionary(self, name):
        return self._lines(name, (self.dictionary_dir / name).read_bytes())

    def _lines(self, name, data):
        self.sums[name] = hashlib.sha256(data).hexdigest()
        return [
            line
            for line in data.decode("utf-8").splitlines()
            if line and line[0] not in "#@"
        ]


def in_basic_block(char):
    return "\u4e00" <= char <= "\u9fff"


def code(text):
    return chr(int(text[2:], 16))


def character_table(lines):
    table = {}
    for line in lines:
        key, values = line.split("\t")[:2]
        values = [v for v in values.split() if len(v) == 1]
        if len(key) == 1 and values:
            table[key] = values
    return table


def big5_level_1(sources):
    common = set()
    for line in sources.unicode("Unihan_OtherMappings.txt"):
        point, field, value = line.split("\t")
        if field == "kBigFive" and 0xA440 <= int(value, 16) <= 0xC67E:
            common.add(code(point))
    return common


def rare_variants(sources, common, simplified):
    """Common character -> rare variants that stand for no other common one."""
    related = {}
    for line in sources.unicode("Unihan_Variants.txt"):
        point, field, value = line.split("\t")
        if field not in RELATIONS:
            continue
        for item in value.split():
            other = code(item.split("<")[0])
            for a, b in ((code(point), other), (other, code(point))):
                related.setdefault(a, set()).add(b)
    variants = {}
    for char in sorted(related):
        if not in_basic_block(char) or char in common or char in simplified:
            continue
        stands_for = [c for c in related[char] if c in common]
        if len(stands_for) == 1:
            variants.setdefault(stands_for[0], []).append(char)
    return variants


def marks(sources):
    """Unified ideograph -> radicals and compatibility ideographs for it."""
    found = {}
    for line in sources.unicode("EquivalentUnifiedIdeograph.txt"):
        points, target = line.split("#")[0].split(";")
        first, _, last = points.strip().partition("..")
        for point in range(int(first, 16), int(last or first, 16) + 1):
            if 0x2E80 <= point <= 0x2FDF:
                found.setdefault(chr(int(target, 16)), []).append(chr(point))
    for line in sources.unicode("UnicodeData.txt"):
        fields = line.split(";")
        point = int(fields[0], 16)
        if fields[5] and not fields[5].startswith("<"):
            if 0xF900 <= point <= 0xFAFF or 0x2F800 <= point <= 0x2FA1F:
                target = chr(int(fields[5], 16))
                found.setdefault(target, []).append(chr(point))
    return found


def synthetic(seed, first, rare, shinjitai, candidates):
    rng = random.Random(seed)
    taken = set(first.values())
    result = {}
    for key in sorted(first):
        usual = first[key]
        choices = [c for c in candidates.get(key, []) if c != usual]
        share = ODD_AMONG_CANDIDATES if choices else (
            ODD_AMONG_UNCHANGED if usual == key else ODD_AMONG_CERTAIN
        )
        choices += rare.get(usual, []) + shinjitai.get(usual, [])
        # Two characters must not come out alike: real converters of this kind
        # lose nothing, except where OpenCC's own first candidates coincide.
        choices = [c for c in dict.fromkeys(choices) if c not in taken and c != key]
        picked = usual
        if choices and rng.random() < share:
            picked = rng.choice(choices)
            taken.add(picked)
        result[key] = picked
    return result


def write(name, columns, rows, sources, used):
    lines = [f"# Written by make_maps.py; {columns[0]} -> {columns[1]}."]
    lines += [f"# {source} sha256:{sources.sums[source]}" for source in used]
    rows = [(key, value) for key, value in rows if key != value]
    lines += [f"{key}\t{value}" for key, value in rows]
    text = "\n".join(lines) + "\n"
    (HERE / name).write_text(text, encoding="utf-8", newline="\n")
    print(f"{name}: {len(rows)} rows")


def main():
    sources = Sources(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
    candidates = character_table(sources.dictionary("STCharacters.txt"))
    back = character_table(sources.dictionary("TSCharacters.txt"))
    japanese = character_table(sources.dictionary("JPShinjitaiCharacters.txt"))
    common = big5_level_1(sources)
    simplified = set(candidates) | {v for values in back.values() for v in values}
    rare = rare_variants(sources, common, simplified)
    shinjitai = {}
    for new, olds in japanese.items():
        for old in olds:
            if new != old and new not in simplified and new not in common:
                shinjitai.setdefault(old, []).append(new)

    first = {key: values[0] for key, values in candidates.items()}
    last = {}
    for key, values in candidates.items():
        other = [v for v in values if v != key]
        last[key] = other[-1] if other else key
    everyday = dict(first)
    for char in common:
        everyday.setdefault(char, char)
    everyday = {k: v for k, v in everyday.items() if in_basic_block(k)}
    # A Traditional character with a Simplified form of its own is never input.
    everyday = {k: v for k, v in everyday.items() if k in first or k not in back}

    st = ["STCharacters.txt"]
    unihan = ["Unihan_Variants.txt", "Unihan_OtherMappings.txt"]
    ways = ("Simplified", "converter's output")
    write("st-first.tsv", ways, sorted(first.items()), sources, st)
    write("st-last.tsv", ways, sorted(last.items()), sources, st)
    rows = [(k, " ".join(v)) for k, v in sorted(rare.items())]
    write("rare.tsv", ("Traditional", "rare variants"), rows, sources,
          unihan + ["STCharacters.txt", "TSCharacters.txt"])
    rows = [(k, " ".join(v)) for k, v in sorted(marks(sources).items())]
    write("marks.tsv", ("ideograph", "radicals and compatibility ideographs"),
          rows, sources, ["EquivalentUnifiedIdeograph.txt", "UnicodeData.txt"])
    for number in (1, 2):
        rows = synthetic(number, everyday, rare, shinjitai, candidates).items()
        write(f"synthetic-{number}.tsv", ways, sorted(rows), sources,
              st + ["TSCharacters.txt", "JPShinjitaiCharacters.txt"] + unihan)
    return 0


if __name__ == "__main__":
    sys.exit(main())
