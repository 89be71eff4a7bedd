#!/usr/bin/env python3
"""Audits of the normalizer over whole vocabularies and native text: what changes that should not.

    cargo build --release --example normalize --example convert
    tests/normalize/audit.py [NAME ...] [--show N] [--lists DIR] [--texts DIR]

Without names every audit runs. Word lists and texts of others are no part of this repository: they are read
from the folders given, or from those that ZHNORM_LISTS and ZHNORM_TEXTS name, and an audit whose material is
not there says so. `--show` lists the first N findings of each audit, sorted by what changes.

| audit | reads | counts |
|---|---|---|
| words | DIR/mcbopomofo-phrase.occ | native Taiwan words that change on the way to `tw` |
| hans | DIR/cedict.tsv (traditional, tab, simplified) | Simplified headwords that change on the way to `hans` |
| dictionary | the same | Traditional headwords whose `hans` differs from the dictionary |
| phrases | data/opencc/STPhrases.txt | OpenCC's phrases in 這…。 or 这…。 that differ from its table, four ways |
| native | DIR/native-*.txt, native/*/ here | changes in 10,000 ideographs of clean text, style kept |
| convert | native/*/ here | errors from Simplified, beside OpenCC's, after spellings are folded |
| calibration | damaged/dev, passages/dev, the native texts | how often changes of each confidence are right |
| cases | cases.*.tsv here, DIR/field.tsv | small inputs with the one right answer |
"""
import argparse
import collections
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROGRAMS = ROOT / "target" / "release" / "examples"
# Spellings that are the same word for every reader.
SAME = ["臺台", "週周", "佈布", "佔占", "唸念", "溼濕", "綫線", "羣群", "峯峰", "汙污", "裏裡", "爲為", "衆眾", "啓啟",
        "麪麵", "牀床", "説說", "着著", "衞衛", "綉繡", "喫吃", "慾欲", "註注", "託托", "遊游", "鑑鑒", "癡痴", "嘆歎",
        "蹟跡", "盪蕩", "閒閑", "煙菸", "釐厘", "僱雇", "豔艷", "脣唇", "鍊鏈", "秘祕", "徵征", "讚贊", "併并"]
FOLD = {pair[0]: pair[1] for pair in SAME[:25]}


def run(program, arguments, text):
    command = [PROGRAMS / program, *arguments]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"{program} {' '.join(arguments)}: {done.stderr.decode().strip()}")
    return done.stdout.decode()


def lines(program, arguments, texts):
    out = run(program, arguments, "".join(text + "\n" for text in texts)).split("\n")[:-1]
    assert len(out) == len(texts), (len(out), len(texts))
    return out


def is_han(char):
    return "\u3400" <= char <= "\u9fff" or char >= "\U00020000"


def is_word(text):
    return len(text) > 1 and all(map(is_han, text))


def fold(text):
    return "".join(FOLD.get(c, c) for c in text)


class Missing(Exception):
    pass


def read(folder, name, what):
    if not folder:
        raise Missing(f"no folder of {what} given")
    path = pathlib.Path(folder) / name
    if not path.exists():
        raise Missing(f"no {path.name} in the folder of {what}")
    return path.read_text("utf-8").splitlines()


def kinds(before, after):
    """What changed, as pairs of characters."""
    if len(before) != len(after):
        return f"{before}→{after}"
    return " ".join(sorted({f"{a}→{b}" for a, b in zip(before, after) if a != b}))


def tell(name, total, wrong, show):
    """Prints the count, and findings as (kind, source, wanted, got), the commonest kinds first."""
    print(f"{name}: {len(wrong)} of {total}")
    counts = collections.Counter(row[0] for row in wrong)
    for row in sorted(wrong, key=lambda row: (-counts[row[0]], row))[:show]:
        print("", *row, sep="\t")


def words(options):
    rows = read(options.lists, "mcbopomofo-phrase.occ", "lists")
    listed = [word for word in dict.fromkeys(row.split(" ")[0] for row in rows) if is_word(word)]
    got = lines("normalize", ["tw", "--keep-style"], listed)
    wrong = [(kinds(a, b), a, a, b) for a, b in zip(listed, got) if a != b]
    tell("words: native Taiwan words that change to tw", len(listed), wrong, options.show)
    framed = lines("normalize", ["tw", "--keep-style"], [f"這{word}。" for word in listed])
    wrong = [(kinds(a, b[1:-1]), a, a, b) for a, b in zip(listed, framed) if a != b[1:-1]]
    tell("words: the same in 這…。", len(listed), wrong, options.show)


def dictionary_rows(options):
    rows = [row.split("\t") for row in read(options.lists, "cedict.tsv", "lists")]
    return [(t, s) for t, s in rows if is_word(t) and len(t) == len(s)]


def hans(options):
    rows = list(dict.fromkeys(s for _, s in dictionary_rows(options)))
    got = lines("normalize", ["hans"], rows)
    wrong = [(kinds(a, b), a, a, b) for a, b in zip(rows, got) if a != b]
    tell("hans: Simplified headwords that change to hans", len(rows), wrong, options.show)


def dictionary(options):
    known = collections.defaultdict(set)
    for t, s in dictionary_rows(options):
        known[t].add(s)
    rows = list(known)
    for name, got in (
        ("normalize", lines("normalize", ["hans"], rows)),
        ("OpenCC t2s", lines("convert", ["t2s"], rows)),
    ):
        wrong = [(kinds(min(known[a]), b), a, min(known[a]), b) for a, b in zip(rows, got) if b not in known[a]]
        show = options.show if name == "normalize" else 0
        tell(f"dictionary: Traditional headwords that differ in hans, {name}", len(rows), wrong, show)


def phrases(options):
    table = {}
    for row in (ROOT / "data/opencc/STPhrases.txt").read_text("utf-8").splitlines():
        if row and row[0] != "#":
            key, values = row.split("\t")
            table[key] = values.split(" ")
    simplified = [f"这{key}。" for key in table]
    # OpenCC's standard as Taiwan writes it; for what is clean text there, its own result.
    traditional = lines("convert", ["t2tw"], [f"這{values[0]}。" for values in table.values()])
    back = lines("convert", ["t2s"], [f"這{values[0]}。" for values in table.values()])
    for name, target, sources, wanted in (
        ("clean Traditional to tw", "tw", traditional, traditional),
        ("clean Simplified to hans", "hans", simplified, simplified),
        ("Traditional to hans", "hans", traditional, simplified),
        ("Simplified to tw", "tw", simplified, traditional),
    ):
        got = lines("normalize", [target], sources)
        wrong = []
        for source, want, have, also in zip(sources, wanted, got, back):
            alike = fold_tai(want) == fold_tai(have) if target == "tw" else want == have
            if not alike:
                wrong.append((kinds(want, have), source, want, have))
        tell(f"phrases: {name}", len(sources), wrong, options.show)


def fold_tai(text):
    """Taiwan types 污 and 濕 where OpenCC has the ministry's forms."""
    return text.replace("臺", "台").replace("汙", "污").replace("溼", "濕")


def passages(half):
    return sorted((HERE / "native" / half).glob("*.txt"))


def native(options):
    for name, targets in (
        ("native-taiwan.txt", ["tw"]),
        ("native-hongkong-cantonese.txt", ["hk"]),
    ):
        try:
            text = "\n".join(read(options.texts, name, "texts"))
        except Missing as missing:
            print(f"native: NOT RUN for {name}: {missing}")
            continue
        for target in targets:
            harm(name, target, text, options)
    for half in ("dev", "held"):
        for path in passages(half):
            region = path.name.split("-")[0]
            if region == "hans":
                harm(f"{half}/{path.name}", "hans", path.read_text("utf-8"), options)
            else:
                harm(f"{half}/{path.name}", region, path.read_text("utf-8"), options)
                simplified = run("convert", [f"{region}2s"], path.read_text("utf-8"))
                harm(f"{half}/{path.name} in Simplified", "hans", simplified, options)


def harm(name, target, text, options):
    rows = text.split("\n")
    got = lines("normalize", [target, "--keep-style"], rows)
    han = sum(map(is_han, text))
    changes = [(a, b, row) for row, out in zip(rows, got) for a, b in zip(row, out) if a != b]
    print(f"native: {name} to {target}: {len(changes)} changes in {han}, "
          f"{10_000 * len(changes) / max(han, 1):.2f} in 10,000")
    for a, b, row in changes[: options.show]:
        print("", f"{a}→{b}", row, sep="\t")


def natives(options, half):
    """Native Traditional texts as (name, region, lines)."""
    for path in passages(half):
        region = path.name.split("-")[0]
        if region != "hans":
            yield f"{half}/{path.name}", region, path.read_text("utf-8").split("\n")
    if half == "dev":
        for name, region in (("native-taiwan.txt", "tw"), ("native-hongkong-cantonese.txt", "hk")):
            try:
                yield name, region, read(options.texts, name, "texts")
            except Missing as missing:
                print(f"convert: NOT RUN for {name}: {missing}")


def convert(options):
    for half in ("dev", "held"):
        totals = collections.Counter()
        for name, region, wanted in natives(options, half):
            simplified = run("convert", [f"{region}2s"], "\n".join(wanted)).split("\n")
            results = {
                "OpenCC": lines("convert", [f"s2{region}"], simplified),
                "normalize": lines("normalize", [region], simplified),
            }
            if options.source:
                results["source known"] = lines("normalize", [region, "--simplified"], simplified)
            counts = {}
            for tool, got in results.items():
                wrong = [
                    (a, b, row)
                    for row, out in zip(wanted, got)
                    for a, b in zip(row, out)
                    if fold(a) != fold(b)
                ]
                counts[tool] = len(wrong)
                totals[tool] += len(wrong)
                if tool != "OpenCC" and half == "dev":
                    for a, b, row in wrong[: options.show]:
                        at = row.index(a)
                        print("", tool, f"{a} became {b}", row[max(0, at - 12) : at + 13], sep="\t")
            han = sum(map(is_han, "".join(wanted)))
            totals["han"] += han
            print(f"convert: {name} ({han}):", *(f"{k} {v}" for k, v in counts.items()))
        if totals:
            print(f"convert: {half} together:", *(f"{k} {v}" for k, v in totals.items()))


def calibration(options):
    """How often changes of each confidence are right, in damaged passages and in clean native text."""
    right, total = collections.Counter(), collections.Counter()

    def count(target, source, wanted):
        done = subprocess.run([PROGRAMS / "normalize", target, "--report"], input=source.encode(), capture_output=True)
        raw = source.encode()
        at = {len(source[:i].encode()): i for i in range(len(source))}
        for change in done.stderr.decode().splitlines():
            place, _, _, new, reason, sure = change.split(" ")
            index = at[int(place.split("..")[0])]
            key = f"{sure} {reason}"
            total[key] += 1
            right[key] += fold(new.strip('"')) == fold(wanted[index])
        assert len(raw) >= len(source)

    for path in sorted((HERE / "damaged/dev").glob("*.txt")):
        name = path.name.split(".")[0]
        clean = HERE / "passages/dev"
        region = "hk" if (clean / f"{name}.hk.txt").exists() else "tw"
        source = path.read_text("utf-8")
        count("hans", source, (clean / f"{name}.hans.txt").read_text("utf-8"))
        count(region, source, (clean / f"{name}.{'hk' if region == 'hk' else 'hant'}.txt").read_text("utf-8"))
    for name, region, wanted in natives(options, "dev"):
        text = "\n".join(wanted)
        count(region, text, text)
        count(region, run("convert", [f"{region}2s"], text), text)
    print("calibration: confidence, reason: right of all")
    for key in sorted(total):
        print(f"{key}: {right[key]} of {total[key]}, {right[key] / total[key]:.4f}")


def cases(options):
    sources = [(path.name, path.read_text("utf-8").splitlines()) for path in sorted(HERE.glob("cases.*.tsv"))]
    try:
        sources.append(("field.tsv", read(options.cases, "field.tsv", "cases")))
    except Missing as missing:
        print(f"cases: NOT RUN for field.tsv: {missing}")
    for name, rows in sources:
        asked = collections.defaultdict(list)
        for row in rows:
            fields = row.split("\t")
            if row[:1] != "#" and fields[0].startswith("normalize "):
                asked[fields[0].split(" ")[1]].append(fields)
        wrong, total = [], 0
        for target, rows in asked.items():
            total += len(rows)
            for fields, got in zip(rows, lines("normalize", [target], [row[2] for row in rows])):
                if got != fields[3]:
                    wrong.append((fields[1], f"{target} {fields[2]}", fields[3], got))
        tell(f"cases: {name}", total, wrong, options.show)


AUDITS = [words, hans, dictionary, phrases, native, convert, calibration, cases]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--lists", default=os.environ.get("ZHNORM_LISTS"))
    parser.add_argument("--texts", default=os.environ.get("ZHNORM_TEXTS"))
    parser.add_argument("--cases", default=os.environ.get("ZHNORM_CASES"))
    parser.add_argument("--source", action="store_true", help="convert: also with the source script told")
    options = parser.parse_args()
    unknown = set(options.names) - {audit.__name__ for audit in AUDITS}
    if unknown:
        parser.error(f"unknown audit {', '.join(sorted(unknown))}")
    for audit in AUDITS:
        if not options.names or audit.__name__ in options.names:
            try:
                audit(options)
            except Missing as missing:
                print(f"{audit.__name__}: NOT RUN: {missing}")


if __name__ == "__main__":
    main()
