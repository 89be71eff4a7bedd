"""Writes the cases of the differential test; run by the Python that has the official OpenCC.

The random texts and every key of every table go through every config, as do the texts given. The file
`TOTAL` holds the number of cases. The compiled tables of the official build are written as text to `tables/`.
"""

import argparse
import collections
import multiprocessing
import pathlib
import random
import subprocess

import opencc

import cases

# The configs with a segmentation drop what follows a NUL up to the segment's end. That is one of the
# three places where zhnorm differs on purpose, so their texts get no NUL.
UNSEGMENTED = ["s2t", "t2s", "t2tw", "tw2t", "t2hk", "hk2t", "t2jp", "jp2t"]
SEGMENTED = ["s2tw", "s2twp", "s2hk", "s2hkp", "tw2s", "tw2sp", "hk2s", "hk2sp"]
RARE_CHARACTERS = ["include", "exclude"]

IDS_OPERATORS = [chr(point) for point in range(0x2FF0, 0x3000)]
IDS_ARITY = {0x2FF2: 3, 0x2FF3: 3, 0x2FFE: 1, 0x2FFF: 1}
ODD_ONES = (
    # U+31EF looks like an operator and is none; U+FA0E is a compatibility ideograph without a mapping.
    ["\u31ef", "\ufa0e", "\u3000", "\u00b7", "\u00e9", "e\u0301", "\u200d", "\u200c", "\ufeff", "\ufffd"]
    + ["\ufe00", "\ufe0f", "\U000e0100", "\U000e01ef", "\U0001f600", "\U0001f468\u200d\U0001f469", "\u2f00", "\u2e9f"]
    + ["a", "Z", "7", " ", "  ", "\n", "\r\n", "\t", "\\", "#", "，", "。", "「", "”", "か", "カ", "한", "SQL", "PN", "B"]
)


class Texts:
    """Random texts that hit the tables: entries, parts of keys, overlapping keys, and what surrounds them."""

    def __init__(self, tables):
        self.tables = [sorted(table.items()) for _, table in sorted(tables.items())]
        self.entries = [entry for table in self.tables for entry in table]
        self.keys = [key for key, _ in self.entries]
        self.compatibility = sorted(tables["CJK_Compatibility_Ideographs"])
        self.by_prefix = collections.defaultdict(list)
        for key in self.keys:
            for length in range(1, min(len(key), 4)):
                self.by_prefix[key[:length]].append(key)

    def entry(self, rng):
        # Half of the draws go by table, or the one with 49,000 phrases would leave nothing to the others.
        return rng.choice(rng.choice(self.tables) if rng.random() < 0.5 else self.entries)

    def overlap(self, rng):
        """A key, and another that starts with the first one's end: only one of them can match."""
        first = rng.choice(self.keys)
        for length in rng.sample(range(1, len(first)), min(3, len(first) - 1)):
            following = self.by_prefix.get(first[-length:])
            if following:
                return first + rng.choice(following)[length:]
        return first

    def description(self, rng, budget):
        """An ideographic description sequence; some end early, so that they are none."""
        if budget == 0 or rng.random() < 0.6:
            roll = rng.random()
            if roll < 0.04:
                return ""
            if roll < 0.2:
                return rng.choice(self.compatibility)
            return rng.choice(self.entry(rng)[0])
        operator = rng.choice(IDS_OPERATORS)
        arity = IDS_ARITY.get(ord(operator), 2)
        return operator + "".join(self.description(rng, budget - 1) for _ in range(arity))

    def deep_description(self, rng):
        """Operators about as deep and long as the limits of 15 levels and 64 characters."""
        depth = rng.randint(12, 18)
        operand = rng.choice(self.entry(rng)[0])
        if rng.random() < 0.5:
            return rng.choice(IDS_OPERATORS) * depth + operand * rng.randint(depth - 2, depth + 8)
        wide = rng.choice("\u2ff2\u2ff3")
        return (wide + operand) * 3 + (wide + operand * 2) * rng.randint(15, 22) + operand * rng.randint(0, 9)

    def token(self, rng, nul):
        roll = rng.random()
        if roll < 0.52:
            key, values = self.entry(rng)
            return key if rng.random() < 0.6 else rng.choice(values)
        if roll < 0.66:
            key = rng.choice(self.keys)
            return key[: rng.randint(1, max(1, len(key) - 1))]
        if roll < 0.75:
            return self.overlap(rng)
        if roll < 0.80:
            return rng.choice(IDS_OPERATORS)
        if roll < 0.90:
            return rng.choice(ODD_ONES)
        if roll < 0.93:
            return rng.choice(self.compatibility)
        if roll < 0.95:
            return rng.choice(IDS_OPERATORS) + self.description(rng, 3)
        if roll < 0.953:
            return self.deep_description(rng)
        if roll < 0.96 and nul:
            return "\0"
        first, last = rng.choice([(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2F800, 0x2FA1F)])
        return chr(rng.randint(first, last))

    def text(self, rng, nul):
        return "".join(self.token(rng, nul) for _ in range(rng.randint(1, 14)))


def read_tables(share, dict_tool, folder):
    """Every table of the official build, compiled ones turned back to text, as {name: {key: values}}."""
    tables = {}
    for compiled in sorted(pathlib.Path(share).glob("*.ocd2")):
        text = folder / f"{compiled.stem}.txt"
        subprocess.run([dict_tool, "-i", compiled, "-o", text, "-f", "ocd2", "-t", "text"], check=True)
        lines = text.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        tables[compiled.stem] = {key: values.split(" ") for key, _, values in (line.partition("\t") for line in lines)}
    return tables


def cases_of(task):
    """All cases of one config with or without the rare characters. One converter lives at a time."""
    folder, config, rare, seed, random_texts, others = task
    # Seeded by name, so that a case does not depend on how the work is spread.
    rng = random.Random(f"{seed} {config} {rare}")
    nul = config in UNSEGMENTED
    convert = opencc.OpenCC(config, rare == "include").convert

    def write(kind, texts):
        return cases.write(folder, kind, config, rare, ((text, convert(text)) for text in texts))

    total = write("random", (TEXTS.text(rng, nul) for _ in range(random_texts)))
    # No key has a newline, so a newline between keys keeps them apart in every config.
    keys = sorted(set(TEXTS.keys))
    batches = ("\n".join(keys[start : start + 64]) for start in range(0, len(keys), 64))
    total += write("keys", batches)
    if others:
        total += write("texts", (text for text in others if nul or "\0" not in text))
    return total


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--conversions", type=int, required=True)
    parser.add_argument("--seed", required=True)
    parser.add_argument("texts", nargs="*", type=pathlib.Path)
    arguments = parser.parse_args()

    package = pathlib.Path(opencc.__file__).parent / "clib"
    table_folder = arguments.folder / "tables"
    table_folder.mkdir()
    global TEXTS
    TEXTS = Texts(read_tables(package / "share/opencc", package / "bin/opencc_dict", table_folder))

    # Each text whole, and each of its lines alone.
    others = []
    for path in arguments.texts:
        text = path.read_bytes().decode("utf-8", "ignore")
        others += [text, *text.split("\n")]

    combinations = [(config, rare) for config in SEGMENTED + UNSEGMENTED for rare in RARE_CHARACTERS]
    # Rounded up: at least as many as asked for.
    each = -(-arguments.conversions // len(combinations))
    tasks = [(arguments.folder, config, rare, arguments.seed, each, others) for config, rare in combinations]
    # Forked, so that the texts' index is shared.
    with multiprocessing.get_context("fork").Pool(2) as pool:
        total = sum(pool.imap_unordered(cases_of, tasks))
    (arguments.folder / "TOTAL").write_text(f"{total}\n")


if __name__ == "__main__":
    main()
