"""Damage the clean passages, family by family (see families.md).

    python3 tests/normalize/damage.py [DICTIONARY_DIR]

Writes damaged/{dev,held}/NAME.FAMILY.txt for every passage and family, and
damaged/index.tsv with what was done to each. Every file has the lines of the
clean pair and, in each line, the same number of code points. Every choice is
drawn from a generator seeded by the family's and the passage's name: the output
is the same on every run, and adding a passage or a family changes no other
file. DICTIONARY_DIR holds OpenCC's text tables (for the phrases of `under`) and
defaults to data/opencc; the rest comes from maps/.
"""

import pathlib
import random
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
LONGEST_PHRASE = 4
SENTENCE = re.compile(r"[^。！？…]*[。！？…]+[」』”’]*|[^。！？…]+")


def read_map(name):
    table = {}
    for line in (HERE / "maps" / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            key, value = line.split("\t")
            table[key] = value
    return table


def is_han(char):
    return "\u3400" <= char <= "\u9fff"


class Maps:
    def __init__(self, dictionary_dir):
        self.first = read_map("st-first.tsv")
        self.last = self.first | read_map("st-last.tsv")
        # The article shows what its converter does to 976 characters only.
        self.article = self.first | read_map("article.tsv")
        self.synthetic = [read_map(f"synthetic-{n}.tsv") for n in (1, 2)]
        self.rare = {k: v.split() for k, v in read_map("rare.tsv").items()}
        self.marks = {k: v.split() for k, v in read_map("marks.tsv").items()}
        self.ambiguous = set()
        self.phrases = set()
        for line in read_dictionary(dictionary_dir / "STCharacters.txt"):
            key, values = line.split("\t")[:2]
            if " " in values.strip():
                self.ambiguous.add(key)
        for line in read_dictionary(dictionary_dir / "STPhrases.txt"):
            key = line.split("\t")[0]
            if len(key) <= LONGEST_PHRASE and self.ambiguous & set(key):
                self.phrases.add(key)


def read_dictionary(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and line[0] not in "#@" and "\t" in line:
            yield line


def by_map(table):
    def damage(maps, pair, rng):
        picked = table(maps)
        return [[picked.get(c, c) for c in hans] for _, hans in pair]

    return damage


def under(maps, pair, rng):
    """10 to 30 % of what should have been converted stays Simplified."""
    rate = rng.uniform(0.10, 0.30)
    lines = []
    for hant, hans in pair:
        line = list(hant)
        for at, (a, b) in enumerate(zip(hant, hans)):
            if a != b and rng.random() < rate:
                line[at] = b
        for at in range(len(hans)):
            for end in range(min(at + LONGEST_PHRASE, len(hans)), at + 1, -1):
                phrase = hans[at:end]
                if phrase in maps.phrases and phrase != hant[at:end]:
                    if rng.random() < rate:
                        line[at:end] = phrase
                    break
        lines.append(line)
    return lines


def rare(maps, pair, rng):
    """2 to 6 % of the characters become a variant nobody writes."""
    rate = rng.uniform(0.02, 0.06)
    return replace_some(pair, 0, maps.rare, rate, rng)


def light(maps, pair, rng):
    """1 % of the characters are what some converter would have made of them."""
    converters = [maps.article, maps.last, *maps.synthetic]
    lines = [list(hant) for hant, _ in pair]
    able = {}
    for n, (hant, hans) in enumerate(pair):
        for at, (a, b) in enumerate(zip(hant, hans)):
            wrong = {table.get(b, b) for table in converters} - {a}
            if wrong:
                able[n, at] = sorted(wrong)
    han = sum(is_han(c) for hant, _ in pair for c in hant)
    for n, at in rng.sample(sorted(able), min(len(able), round(han * 0.01))):
        lines[n][at] = rng.choice(able[n, at])
    return lines


def radicals(side):
    def damage(maps, pair, rng):
        return replace_some(pair, side, maps.marks, 0.02, rng)

    return damage


def replace_some(pair, side, table, rate, rng):
    """Replaces `rate` of all Han characters, chosen among those in `table`."""
    lines = [list(both[side]) for both in pair]
    places = [(n, at) for n, line in enumerate(lines) for at in range(len(line))]
    han = sum(is_han(lines[n][at]) for n, at in places)
    able = [(n, at) for n, at in places if lines[n][at] in table]
    for n, at in rng.sample(able, min(len(able), round(han * rate))):
        lines[n][at] = rng.choice(table[lines[n][at]])
    return lines


def half_lines(maps, pair, rng):
    return [list(both[n % 2]) for n, both in enumerate(pair)]


def half_sentences(maps, pair, rng):
    lines, number = [], 0
    for both in pair:
        line = []
        for sentence in SENTENCE.finditer(both[0]):
            line += both[number % 2][sentence.start() : sentence.end()]
            number += 1
        lines.append(line)
    return lines


FAMILIES = {
    "article": by_map(lambda maps: maps.article),
    "last": by_map(lambda maps: maps.last),
    "under": under,
    "rare": rare,
    "light": light,
    "half-lines": half_lines,
    "half-sentences": half_sentences,
    "radicals-hant": radicals(0),
    "radicals-hans": radicals(1),
    "synthetic-1": by_map(lambda maps: maps.synthetic[0]),
    "synthetic-2": by_map(lambda maps: maps.synthetic[1]),
}


def main():
    default = HERE.parent.parent / "data" / "opencc"
    maps = Maps(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default)
    index = ["file\than\tnot_traditional\tnot_simplified"]
    for half in ("dev", "held"):
        target = HERE / "damaged" / half
        target.mkdir(parents=True, exist_ok=True)
        for hans in sorted((HERE / "passages" / half).glob("*.hans.txt")):
            name = hans.name[: -len(".hans.txt")]
            hant = hans.with_name(f"{name}.hant.txt")
            if not hant.exists():
                hant = hans.with_name(f"{name}.hk.txt")
            sides = [f.read_text(encoding="utf-8").split("\n") for f in (hant, hans)]
            pair = list(zip(*sides))
            for family, damage in FAMILIES.items():
                rng = random.Random(f"{family}/{name}")
                lines = damage(maps, pair, rng)
                text = "\n".join("".join(line) for line in lines)
                file = target / f"{name}.{family}.txt"
                file.write_text(text, encoding="utf-8", newline="\n")
                wrong = [
                    sum(c != d for c, d in zip(text, "\n".join(side)))
                    for side in sides
                ]
                assert len(text) == len("\n".join(sides[0])), file
                han = sum(map(is_han, "\n".join(sides[0])))
                index.append(f"{half}/{file.name}\t{han}\t{wrong[0]}\t{wrong[1]}")
    (HERE / "damaged" / "index.tsv").write_text(
        "\n".join(index) + "\n", encoding="utf-8", newline="\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
