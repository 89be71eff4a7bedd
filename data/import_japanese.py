#!/usr/bin/env python3
"""Derives which characters and pairs of neighbours are Japanese and not Chinese.

    pip download --no-deps sudachidict-core==20261015 && unzip sudachidict_core-*.whl
    pip install sudachipy==0.7.0
    data/import_japanese.py sudachidict_core-20261015-py3-none-any.whl sudachidict_core/resources/system.dic

Reads the words of SudachiDict (Apache-2.0), jieba's words with frequencies as
imported here (MIT) and OpenCC's tables (Apache-2.0). Writes
`data/detect/japanese.tsv`: facts counted from them, none of their entries.

A word list of Japanese says in how many words a pair of kanji stands; jieba's
says how often Chinese has the pair, inside a word or where two words meet. The
pair is Japanese where many words have it and Chinese next to never does. For
this a character counts the same in its Simplified, Traditional and Japanese
form.
"""
import collections
import hashlib
import math
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
WORDS = HERE / "normalize" / "words.txt"
# Natural logarithms of how many times as frequent in Chinese.
NEVER, SELDOM = 3.0, 1.0
# A pair in so many words may be so frequent in a million characters of Chinese.
FREQUENT = [(3, .5), (4, 1), (6, 2), (10, 5), (20, 15)]


def opencc(name):
    lines = (HERE / "opencc" / f"{name}.txt").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {key: values.split(" ") for key, values in rows}


def japanese_words(dictionary):
    """The words of kanji alone, without the names of persons.

    The dictionary's strings stand in one heap without ends; its own tokenizer
    finds the words in it.
    """
    from sudachipy import Dictionary, SplitMode

    tokenizer = Dictionary(dict=str(dictionary)).tokenizer(mode=SplitMode.C)
    words = {}
    heap = dictionary.read_bytes()
    for at in range(0, len(heap), 4_000_000):
        part = heap[at:at + 4_000_000].decode("utf-16le", "replace")
        if len(re.findall("[ァ-ヶ々\u4e00-\u9fff]", part)) < 100_000:
            continue
        for run in re.findall("[々\u4e00-\u9fff]{2,}", part):
            for begin in range(0, len(run), 400):
                for word in tokenizer.tokenize(run[begin:begin + 400]):
                    if len(word.surface()) > 1 and not word.is_oov():
                        words.setdefault(word.surface(), word.part_of_speech()[2])
    return {word: kind for word, kind in words.items() if kind != "人名"}


def main():
    wheel, dictionary = map(pathlib.Path, sys.argv[1:])
    to_simplified, shinjitai = opencc("TSCharacters"), opencc("JPShinjitaiCharacters")

    def fold(text):
        old = (shinjitai.get(c, [c])[0] for c in text)
        return "".join(to_simplified.get(c, [c])[0] for c in old)

    words = japanese_words(dictionary)
    pairs, places, characters = (collections.Counter() for _ in range(3))
    for word, kind in words.items():
        (places if kind == "地名" else pairs).update(map("".join, zip(word, word[1:])))
        if kind != "地名":
            characters.update(fold(word))
    for pair, count in places.items():
        if count >= 3:
            pairs[pair] += min(3, count // 3)

    chinese, inside, ends, begins = (collections.Counter() for _ in range(4))
    for line in WORDS.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        word, count = re.split(r"[\t ]", line)[:2]
        word, count = fold(word), int(count)
        begins[word[0]] += count
        ends[word[-1]] += count
        for c in word:
            chinese[c] += count
        for a, b in zip(word, word[1:]):
            inside[a + b] += count
    phrases = opencc("STPhrases")
    # jieba has words broken by a wrong encoding; no phrase has their characters.
    known = set("".join(map(fold, phrases)))
    for key in phrases:
        inside.update(map("".join, zip(fold(key), fold(key)[1:])))
    million = sum(chinese.values()) / 1e6
    tokens = sum(begins.values())

    def in_chinese(pair):
        a, b = fold(pair)
        return (ends[a] * begins[b] / tokens + inside[a + b]) / million

    def japanese(pair, count):
        if min(pair) < "\u4e00":
            return False
        often = in_chinese(pair)
        return (count >= 2 and often < .3 and pair in words
                or any(count >= least and often < most for least, most in FREQUENT))

    rows = collections.defaultdict(str)
    for pair in sorted(pair for pair, count in pairs.items() if japanese(pair, count)):
        rows[pair[0]] += pair[1]

    per_million = 1e6 / sum(characters.values())
    forms = collections.defaultdict(set)
    for table in (to_simplified, shinjitai):
        for c in table:
            forms[fold(c)].add(c)
    classes = {"never": [], "seldom": []}
    for c, count in chinese.items():
        if c not in known:
            continue
        more = math.log((count / million + 3) / (characters[c] * per_million + 3))
        if more >= SELDOM:
            classes["never" if more >= NEVER else "seldom"] += {c} | forms[c]

    # Simplified characters that Japanese has as well are told by how many words have them.
    as_written = collections.Counter("".join(words))
    classes["often"] = [c for c, count in as_written.items() if count >= 5]

    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    out = ["# What is Japanese and not Chinese. Counted by data/import_japanese.py; do not edit.",
           f"# Sources: {wheel.name} (Apache-2.0), sha256 {digest};",
           "# data/normalize/words.txt (MIT); data/opencc (Apache-2.0).",
           "# Rows: characters that Japanese never or seldom has where Chinese often does, and those that it",
           "# often has; then a character and those that make a Japanese pair with it."]
    out += [f"{name}\t{''.join(sorted(c for c in set(list_) if len(c) == 1 and chr(0x4e00) <= c <= chr(0x9fff)))}"
            for name, list_ in classes.items()]
    out += [f"{first}\t{seconds}" for first, seconds in sorted(rows.items())]
    (HERE / "detect" / "japanese.tsv").write_text("\n".join(out) + "\n", "utf-8")


if __name__ == "__main__":
    main()
