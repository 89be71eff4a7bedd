#!/usr/bin/env python3
"""Imports the word frequencies the normalizer segments with.

    pip download --no-deps --no-binary :all: jieba==0.42.1
    data/import_jieba.py jieba-0.42.1.tar.gz

Reads `jieba/dict.txt` (MIT) from the source archive and writes
`data/normalize/words.txt`: one `word<TAB>frequency` per line, sorted.
Pruned to what can change a decision: every word that holds a character whose
Traditional form depends on context or that is uncommon (deceptive names), all
single characters, and of the rest only words frequent enough to compete with
those for a boundary.
"""
import hashlib
import pathlib
import re
import sys
import tarfile

VERSION = "0.42.1"
HERE = pathlib.Path(__file__).resolve().parent
HAN = re.compile("^[\u3400-\u9fff\U00020000-\U0003ffff]+$")
FREQUENT = 10
LONGEST = 6
COMMON_RANK = 4200


def opencc(name):
    entries = {}
    for line in (HERE / "opencc" / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            key, values = line.split("\t")
            entries[key] = values.split(" ")
    return entries


def main(archive):
    with tarfile.open(archive) as tar:
        member = next(m for m in tar.getmembers() if m.name.endswith("jieba/dict.txt"))
        raw = tar.extractfile(member).read()
    words = {}
    for number, line in enumerate(raw.decode("utf-8").splitlines(), 1):
        fields = line.split(" ")
        if len(fields) < 2 or not fields[1].isdigit():
            sys.exit(f"dict.txt:{number}: expected `word frequency tag`, got {line!r}")
        if HAN.match(fields[0]):
            words[fields[0]] = int(fields[1])
    ambiguous = {k for k, v in opencc("STCharacters.txt").items() if len(v) > 1}
    ambiguous |= {k for k, v in opencc("TSCharacters.txt").items() if len(v) > 1}
    ambiguous |= set(extra_ambiguous())
    count = {}
    for word, frequency in words.items():
        for char in word:
            count[char] = count.get(char, 0) + frequency
    common = set(sorted(count, key=lambda c: (-count[c], c))[:COMMON_RANK])
    kept = {}
    for word, frequency in words.items():
        if len(word) == 1:
            kept[word] = frequency
        elif len(word) <= LONGEST and (
            frequency >= FREQUENT
            or (frequency >= 3 and any(c in ambiguous or c not in common for c in word))
        ):
            kept[word] = frequency
    out = HERE / "normalize" / "words.txt"
    with out.open("w", encoding="utf-8", newline="\n") as file:
        file.write("# Words of Simplified Chinese with their frequencies, for segmentation.\n")
        file.write(f"# Source: jieba {VERSION}, jieba/dict.txt, "
                   f"sha256 {hashlib.sha256(raw).hexdigest()}\n")
        file.write("# Licence: MIT (data/normalize/LICENSE-jieba).\n")
        file.write("# Written by data/import_jieba.py; do not edit.\n")
        for word in sorted(kept):
            file.write(f"{word}\t{kept[word]}\n")
    print(f"{out}: {len(kept)} of {len(words)} words")


def extra_ambiguous():
    """Characters whose Traditional form needs context in our own rows."""
    for line in (HERE / "normalize" / "choices.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")[0]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
