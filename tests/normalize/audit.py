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
| native | DIR/native-*.txt, native/ and passages/ here | changes in 10,000 ideographs of clean text, style kept, by register |
| convert | native/ and passages/ here | errors from Simplified, beside OpenCC's, after spellings are folded, by register |
| calibration | damaged/dev, the clean texts of dev, of held with --held | how often changes of each confidence are right |
| cases | cases.*.tsv here, DIR/field.tsv | small inputs with the one right answer |

The last lines tell what issue 17 accepts, the figure, and whether it is met. Of held halves only totals are told.
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


VERDICTS = []


def asked(what, figure, most=None, least=None):
    """Notes a figure beside what is asked of it."""
    met = figure <= most if least is None else figure >= least
    limit = f"at most {most}" if least is None else f"at least {least}"
    VERDICTS.append(f"{'met' if met else 'NOT MET'}\t{what}\t{round(figure, 4)}\t{limit}")


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
    asked("1: native Taiwan words that change", len(wrong), 230)
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
    asked("1: Simplified headwords that change to hans", len(wrong), 15)


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
        if name == "normalize":
            asked("1: Traditional headwords that differ in hans", len(wrong), 150)


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
    for name, target, sources, wanted, most in (
        ("clean Traditional to tw", "tw", traditional, traditional, 100),
        ("clean Simplified to hans", "hans", simplified, simplified, 20),
        ("Traditional to hans", "hans", traditional, simplified, 100),
        ("Simplified to tw", "tw", simplified, traditional, 400),
    ):
        got = lines("normalize", [target], sources)
        wrong = []
        for source, want, have, also in zip(sources, wanted, got, back):
            alike = fold_tai(want) == fold_tai(have) if target == "tw" else want == have
            if not alike:
                wrong.append((kinds(want, have), source, want, have))
        tell(f"phrases: {name}", len(sources), wrong, options.show)
        asked(f"1: phrases, {name}", len(wrong), most)


def fold_tai(text):
    """Taiwan types 污 and 濕 where OpenCC has the ministry's forms."""
    return text.replace("臺", "台").replace("汙", "污").replace("溼", "濕")


# The registers of files whose names are narrower.
REGISTERS = {"dialogue": "fiction", "literary": "essay", "recipe": "daily", "history": "essay", "travel": "essay",
             "mixed": "social"}


def passages(half):
    """The clean texts of a half, in the script they were written in: name, region, register, text."""
    paths = list((HERE / "native" / half).glob("*.txt"))
    endings = {"tw": ".hant.txt", "hk": ".hk.txt", "hans": ".hans.txt"}
    for region, ending in endings.items():
        paths += (HERE / "passages" / half).glob(f"{region}-*{ending}")
    for path in sorted(paths, key=lambda path: path.name):
        region, register = path.name.split(".")[0].split("-")[:2]
        yield path.name, region, REGISTERS.get(register, register), path.read_text("utf-8")


# What OpenCC's `tw2s` leaves Traditional, and no Simplified text has.
LEFT = str.maketrans("牠砲於瞇", "它炮于眯")


def native(options):
    for name, target in (("native-taiwan.txt", "tw"), ("native-hongkong-cantonese.txt", "hk")):
        try:
            text = "\n".join(read(options.texts, name, "texts"))
        except Missing as missing:
            print(f"native: NOT RUN for {name}: {missing}")
            continue
        harm(f"{name} to {target}", [(target, text)], options.show)
    for half in ("dev", "held"):
        kinds_of = collections.defaultdict(list)
        for _, region, register, text in passages(half):
            kinds_of[region, register].append((region, text))
            if region != "hans":
                simplified = run("convert", [f"{region}2s"], text).translate(LEFT)
                kinds_of[f"{region}, as Simplified", register].append(("hans", simplified))
        for (region, register), texts in sorted(kinds_of.items()):
            harm(f"{half}, {region}, {register}", texts, options.show if half == "dev" else 0)
        for target in ("tw", "hk", "hans"):
            together = [row for rows in kinds_of.values() for row in rows if row[0] == target]
            harm(f"{half} together to {target}", together, 0)


def harm(name, texts, show):
    """Counts what changes in clean texts, all and with a confidence of .99 at least."""
    count = {"0": [], "0.99": []}
    for target, text in texts:
        rows = text.split("\n")
        for least, found in count.items():
            got = lines("normalize", [target, "--keep-style", least], rows)
            found += [
                (f"{a}→{b}", row[max(0, at - 12) : at + 13])
                for row, out in zip(rows, got)
                for at, (a, b) in enumerate(zip(row, out))
                if a != b
            ]
    han = sum(sum(map(is_han, text)) for _, text in texts)
    rate = 10_000 * len(count["0"]) / max(han, 1)
    print(f"native: {name}: {len(count['0'])} changes in {han}, {rate:.2f} in 10,000; "
          f"{len(count['0.99'])} with confidence .99")
    for row in count["0"][:show]:
        print("", *row, "  also with .99" if row in count["0.99"] else "", sep="\t")
    if "together" in name or "," not in name:
        asked(f"2: changes in 10,000, {name}", rate, 0.3)
        asked(f"2: changes with confidence .99, {name}", len(count["0.99"]), 0)


def natives(options, half):
    """Native Traditional texts as (name, region, register, lines)."""
    for name, region, register, text in passages(half):
        if region != "hans":
            yield name, region, register, text.split("\n")
    if half == "dev":
        for name, region in (("native-taiwan.txt", "tw"), ("native-hongkong-cantonese.txt", "hk")):
            try:
                yield name, region, name, read(options.texts, name, "texts")
            except Missing as missing:
                print(f"convert: NOT RUN for {name}: {missing}")


def convert(options):
    for half in ("dev", "held"):
        registers = collections.defaultdict(collections.Counter)
        for _, region, register, wanted in natives(options, half):
            simplified = run("convert", [f"{region}2s"], "\n".join(wanted)).split("\n")
            results = {
                "OpenCC": lines("convert", [f"s2{region}"], simplified),
                "normalize": lines("normalize", [region], simplified),
                "source known": lines("normalize", [region, "--simplified"], simplified),
            }
            counts = registers[register]
            counts["han"] += sum(map(is_han, "".join(wanted)))
            for tool, got in results.items():
                wrong = [
                    (f"{a} became {b}", row[max(0, at - 12) : at + 13])
                    for row, out in zip(wanted, got)
                    for at, (a, b) in enumerate(zip(row, out))
                    if fold(a) != fold(b)
                ]
                counts[tool] += len(wrong)
                for row in wrong[: options.show if half == "dev" and tool == "source known" else 0]:
                    print("", *row, sep="\t")
        totals = sum(registers.values(), collections.Counter())
        for register, counts in [*sorted(registers.items()), ("together", totals)]:
            print(f"convert: {half}, {register}:", *(f"{k} {counts[k]}" for k in ("han", *results)))
        share = totals["OpenCC"] or 1
        asked(f"4: share of OpenCC's errors, source known, {half}", totals["source known"] / share, 0.75)
        asked(f"4: the same without the hint, {half}", totals["normalize"] / share, 0.85)
        worse = sum(counts["source known"] > counts["OpenCC"] for counts in registers.values())
        asked(f"4: registers worse than OpenCC, {half}", worse, 0)


def calibration(options):
    """How often changes of each confidence are right, in damaged passages and in clean native text."""
    half = "held" if options.held else "dev"
    right, total = collections.Counter(), collections.Counter()

    def count(target, source, wanted):
        done = subprocess.run([PROGRAMS / "normalize", target, "--report"], input=source.encode(), capture_output=True)
        raw = source.encode()
        at = {len(source[:i].encode()): i for i in range(len(source))}
        for change in done.stderr.decode().splitlines():
            place, _, _, new, reason, sure = change.split(" ")
            index = at[int(place.split("..")[0])]
            key = f"{reason} {sure}"
            total[key] += 1
            right[key] += fold(new.strip('"')) == fold(wanted[index])
        assert len(raw) >= len(source)

    for path in sorted((HERE / "damaged" / half).glob("*.txt")):
        name = path.name.split(".")[0]
        clean = HERE / "passages" / half
        region = "hk" if (clean / f"{name}.hk.txt").exists() else "tw"
        source = path.read_text("utf-8")
        count("hans", source, (clean / f"{name}.hans.txt").read_text("utf-8"))
        count(region, source, (clean / f"{name}.{'hk' if region == 'hk' else 'hant'}.txt").read_text("utf-8"))
    for _, region, _, wanted in natives(options, half):
        text = "\n".join(wanted)
        count(region, text, text)
        count(region, run("convert", [f"{region}2s"], text), text)
    print(f"calibration of {half}: confidence, reason: right of all")
    for key in sorted(total):
        print(f"{key}: {right[key]} of {total[key]}, {right[key] / total[key]:.4f}")
    sure = [key for key in total if float(key.split(" ")[1]) >= 0.99]
    share = sum(right[key] for key in sure) / max(sum(total[key] for key in sure), 1)
    asked(f"8: share right of changes of .99 and more, {half}", share, least=0.99)


def cases(options):
    sources = [(path.name, path.read_text("utf-8").splitlines()) for path in sorted(HERE.glob("cases.*.tsv"))]
    try:
        sources.append(("field.tsv", read(options.cases, "field.tsv", "cases")))
    except Missing as missing:
        print(f"cases: NOT RUN for field.tsv: {missing}")
    for name, rows in sources:
        by_target = collections.defaultdict(list)
        for row in rows:
            fields = row.split("\t")
            if row[:1] != "#" and fields[0].startswith("normalize "):
                by_target[fields[0].split(" ")[1]].append(fields)
        wrong, total = [], 0
        for target, rows in by_target.items():
            total += len(rows)
            for fields, got in zip(rows, lines("normalize", [target], [row[2] for row in rows])):
                if got != fields[3]:
                    wrong.append((fields[1], f"{target} {fields[2]}", fields[3], got))
        tell(f"cases: {name}", total, wrong, options.show if "held" not in name else 0)
        if name == "field.tsv":
            asked("3: wrong of field.tsv", len(wrong), 3)
        else:
            asked(f"3: share right of {name}", 1 - len(wrong) / max(total, 1), least=0.97)


AUDITS = [words, hans, dictionary, phrases, native, convert, calibration, cases]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--lists", default=os.environ.get("ZHNORM_LISTS"))
    parser.add_argument("--texts", default=os.environ.get("ZHNORM_TEXTS"))
    parser.add_argument("--cases", default=os.environ.get("ZHNORM_CASES"))
    parser.add_argument("--held", action="store_true", help="calibration: of the held half")
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
    print(*VERDICTS, sep="\n")


if __name__ == "__main__":
    main()
