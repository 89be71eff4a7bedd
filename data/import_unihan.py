#!/usr/bin/env python3
"""Mines rare forms of characters and what they stand for.

    apt-get download unicode-data && dpkg -x unicode-data_*.deb .
    pip download --no-deps --no-binary :all: OpenCC==1.4.2 && tar xzf opencc-1.4.2.tar.gz
    data/import_unihan.py usr/share/unicode opencc-1.4.2

Reads Unicode's Unihan tables, EquivalentUnifiedIdeograph and CJKRadicals
(Unicode licence), OpenCC's tables as imported here and its
`staging/Allographs.txt` (Apache-2.0). Writes `data/normalize/variants.tsv`
and `data/normalize/radicals.tsv`.

A character is *common* when a list of modern use has it: Hong Kong's list of
graphemes (kHKGlyph), the frequency classes of Taiwan's usenet (kFrequency),
the first two levels of the mainland's list (kTGH), or the values of OpenCC's
STCharacters. Every other character with a variant relation to a common one is
a rare form of it. The relations are followed at most two steps, each with a
weight; what is common is never folded here.
"""
import bz2
import hashlib
import math
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE / "normalize"

WEIGHTS = {
    "kZVariant": 5.0,
    "allograph": 5.0,
    "kSemanticVariant": 4.0,
    "shinjitai": 4.0,
    "kSpecializedSemanticVariant": 2.5,
    "TSCharacters": 4.0,
    "kSimplifiedVariant": 4.0,
    "kTraditionalVariant": 4.0,
    "regional": 5.0,
    "kSpoofingVariant": 0.5,
}


def unihan(folder, name):
    with bz2.open(folder / f"Unihan_{name}.txt.bz2", "rt", encoding="utf-8") as file:
        for line in file:
            if line.startswith("U+"):
                code, field, value = line.rstrip("\n").split("\t")
                yield chr(int(code[2:], 16)), field, value


def opencc(name):
    entries = {}
    for line in (HERE / "opencc" / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            key, values = line.split("\t")
            entries[key] = values.split(" ")
    return entries


def rows(name):
    for line in (OUT / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(unicode_folder, opencc_folder):
    fields = {}
    for name in ("OtherMappings", "DictionaryLikeData", "Readings"):
        for char, field, value in unihan(unicode_folder, name):
            fields.setdefault(field, {})[char] = value
    st, ts = opencc("STCharacters.txt"), opencc("TSCharacters.txt")

    count = {}
    for word, frequency in rows("words.txt"):
        for char in word:
            count[char] = count.get(char, 0) + int(frequency)

    tgh = {c: int(v.split(":")[1]) for c, v in fields["kTGH"].items()}
    values = {v for vs in st.values() for v in vs}

    def level_one(char):
        return char in fields["kBigFive"] and int(fields["kBigFive"][char], 16) <= 0xC67E

    def simplified(char):
        return ts[char][0] if char in ts else char

    def traditional(char):
        return st[char][0] if char in st else char

    def common(char):
        return (
            char in fields["kHKGlyph"]
            or char in fields["kFrequency"]
            or tgh.get(char, 9999) <= 6500
            or (char in values and (tgh.get(simplified(char), 9999) <= 6500))
        )

    demoted = set()
    dialect = set()
    living = set()
    for row in rows("classes.tsv"):
        {"rare": demoted, "dialect": dialect, "live": living}[row[1]].update(row[0])

    # The relations, as an undirected graph.
    edges = {}

    def relate(a, b, kind):
        if a != b and len(a) == 1 and len(b) == 1:
            edges.setdefault(a, {}).setdefault(b, set()).add(kind)
            edges.setdefault(b, {}).setdefault(a, set()).add(kind)

    for char, field, value in unihan(unicode_folder, "Variants"):
        for item in value.split(" "):
            relate(char, chr(int(item.split("<")[0][2:], 16)), field)
    for key, vs in ts.items():
        relate(key, vs[0], "TSCharacters")
    for key, vs in opencc("JPShinjitaiCharacters.txt").items():
        for value in vs:
            relate(key, value, "shinjitai")
    for name in ("TWVariants.txt", "HKVariants.txt"):
        for key, vs in opencc(name).items():
            for value in vs:
                relate(key, value, "regional")
    allographs = opencc_folder / "data" / "dictionary" / "staging" / "Allographs.txt"
    for line in allographs.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            for other in line[1:]:
                relate(line[0], other, "allograph")

    def frequency(char):
        return count.get(simplified(char), 0) + count.get(char, 0) * 0.01

    found = []
    seen = set(edges) | demoted
    for char in sorted(seen, key=ord):
        if char in dialect or not (0x3400 <= ord(char) <= 0x9FFF or ord(char) >= 0x20000):
            continue
        if 0x2F800 <= ord(char) <= 0x2FA1F:
            continue
        if char in st or (common(char) and char not in demoted):
            continue
        if char in values and char not in demoted and simplified(char) in count:
            continue
        scores = {}
        for middle, kinds in edges.get(char, {}).items():
            weight = sum(WEIGHTS[k] for k in kinds)
            if common(middle) and middle not in demoted:
                best = scores.get(traditional(middle), (0, ""))
                entry = (weight, "+".join(sorted(kinds)))
                scores[traditional(middle)] = max(best, entry)
            for end, more in edges.get(middle, {}).items():
                if end == char or not common(end) or end in demoted:
                    continue
                if kinds == {"kSpoofingVariant"} or more == {"kSpoofingVariant"}:
                    continue
                w = min(weight, sum(WEIGHTS[k] for k in more)) * 0.4
                if common(middle):
                    w *= 0.5
                entry = (w, "+".join(sorted(kinds)) + ">" + "+".join(sorted(more)))
                best = scores.get(traditional(end), (0, ""))
                scores[traditional(end)] = max(best, entry)
        scores.pop(char, None)
        ranked = sorted(
            scores.items(),
            key=lambda i: (-(i[1][0] + 0.45 * math.log(1 + frequency(i[0]))), i[0]),
        )
        # Different Traditional characters of one Simplified one stay apart;
        # a spelling of the same one need not be listed twice.
        ranked = [r for r in ranked if frequency(r[0]) >= 20]
        if not ranked:
            continue
        weight, via = ranked[0][1]
        if via == "kSpoofingVariant":
            continue
        native = (
            tgh.get(char, 0) > 0
            or char in fields["kGB0"]
            or level_one(char)
        )
        if native:
            kind = "word"
        elif char in fields["kBigFive"] or char in fields["kHKSCS"]:
            kind = "keep"
        else:
            kind = "fold"
        if ">" in via and kind == "fold":
            kind = "keep"
        if kind != "word" and (char in living or "allograph" in via or "kZVariant" in via):
            kind = "live"
        others = [t for t, s in ranked[1:4] if s[0] >= 1.5 and t != ranked[0][0]]
        found.append((char, ranked[0][0], kind, "".join(others), via))

    # What a reading and a phonetic series suggest; only ever inside a word.
    series = {}
    for char, value in fields["kPhonetic"].items():
        for item in re.findall(r"\d+[A-Z]?", value):
            series.setdefault(item, set()).add(char)
    related = {row[0]: i for i, row in enumerate(found)}
    plain = lambda c: "".join(
        x for x in __import__("unicodedata").normalize("NFD", fields["kMandarin"].get(c, "?").split(" ")[0])
        if x not in "\u0300\u0301\u0304\u030c"
    )
    for char in sorted(fields["kPhonetic"], key=ord):
        if not 0x3400 <= ord(char) <= 0x9FFF or char in st or char in dialect:
            continue
        if (common(char) and char not in demoted) or (char in values and char not in demoted):
            continue
        near = {
            traditional(other)
            for item in re.findall(r"\d+[A-Z]?", fields["kPhonetic"][char])
            for other in series[item]
            if other != char and common(other) and plain(other) == plain(char)
        }
        near = [c for c in near if frequency(c) >= 300 and simplified(c) != simplified(char)]
        near.sort(key=lambda c: (-frequency(c), c))
        if not near:
            continue
        if char in related:
            continue
        found.append((char, near[0], "sound", "".join(near[1:4]), "kPhonetic+kMandarin"))

    found.sort(key=lambda row: ord(row[0]))
    with (OUT / "variants.tsv").open("w", encoding="utf-8", newline="\n") as file:
        file.write("# Rare forms and what they stand for.\n")
        file.write("# Sources: Unicode 15 Unihan (Unicode licence), OpenCC 1.4.2 tables and\n")
        file.write("# staging/Allographs.txt (Apache-2.0). Unihan_Variants.txt.bz2 sha256\n")
        file.write(f"# {digest(unicode_folder / 'Unihan_Variants.txt.bz2')}\n")
        file.write("# Written by data/import_unihan.py; do not edit (own rows: curated.tsv).\n")
        file.write("# char\tstands for\tclass\talso\tvia\n")
        for row in found:
            file.write("\t".join(row) + "\n")

    count_radicals = 0
    with (OUT / "radicals.tsv").open("w", encoding="utf-8", newline="\n") as file:
        path = unicode_folder / "EquivalentUnifiedIdeograph.txt"
        file.write("# Kangxi radicals and CJK radicals supplement to unified ideographs.\n")
        file.write("# Source: Unicode 15 EquivalentUnifiedIdeograph.txt (Unicode licence), sha256\n")
        file.write(f"# {digest(path)}\n")
        file.write("# Written by data/import_unihan.py; do not edit.\n")
        for line in path.read_text("utf-8").splitlines():
            match = re.match(r"([0-9A-F]+)(?:\.\.([0-9A-F]+))?\s*;\s*([0-9A-F]+)", line)
            if match:
                first, last = int(match[1], 16), int(match[2] or match[1], 16)
                for code in range(first, last + 1):
                    if 0x2E80 <= code <= 0x2FDF:
                        file.write(f"{chr(code)}\t{chr(int(match[3], 16))}\n")
                        count_radicals += 1
    kinds = {}
    for row in found:
        kinds[row[2]] = kinds.get(row[2], 0) + 1
    print(f"variants.tsv: {len(found)} rows {kinds}; radicals.tsv: {count_radicals} rows")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
