#!/usr/bin/env python3
"""Counts the wrong characters a normalizer leaves in the damaged texts, per family.

    cargo build --release --example normalize
    tests/normalize/judge.py [dev|held] [--show N]

Compares character by character with the clean pair; spellings that the README
lists as open count as right. `--show` lists the commonest mistakes, and only
of the dev half.
"""
import collections
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = HERE.parent.parent / "target" / "release" / "examples" / "normalize"
OPEN = ["台臺", "周週", "布佈", "占佔", "念唸", "濕溼", "線綫", "群羣", "峰峯", "污汙", "瞭了", "說説", "衛衞",
        "溫温", "脫脱", "稅税", "閱閲", "悅悦", "銳鋭", "戶户", "蘊藴", "敘敍", "臥卧", "蔥葱", "鉤鈎", "啟啓", "醞醖", "兌兑", "搵揾"]


def han(char):
    return "\u3400" <= char <= "\u9fff" or char >= "\U00020000"


def normalize(target, text):
    done = subprocess.run([PROGRAM, target], input=text.encode(), capture_output=True, check=True)
    return done.stdout.decode()


def main(arguments):
    half = "held" if "held" in arguments else "dev"
    show = int(arguments[arguments.index("--show") + 1]) if "--show" in arguments else 0
    totals = {}
    mistakes = collections.Counter()
    for path in sorted((HERE / "damaged" / half).glob("*.txt")):
        name, family, _ = path.name.split(".")
        clean = HERE / "passages" / half
        region = "hk" if (clean / f"{name}.hk.txt").exists() else "tw"
        source = path.read_text("utf-8")
        for target, ending in (("hans", "hans"), (region, "hk" if region == "hk" else "hant")):
            wanted = (clean / f"{name}.{ending}.txt").read_text("utf-8")
            got = normalize(target, source)
            if len(got) != len(wanted):
                sys.exit(f"{path}: {len(got)} characters instead of {len(wanted)}")
            side = "to Simplified" if target == "hans" else "to Traditional"
            count = totals.setdefault((side, family), [0, 0])
            for before, want, have in zip(source, wanted, got):
                count[0] += han(want)
                if want != have and not any(want in o and have in o for o in OPEN):
                    count[1] += 1
                    mistakes[side, family, before, want, have] += 1
    for side in ("to Simplified", "to Traditional"):
        rows = {family: count for (s, family), count in sorted(totals.items()) if s == side}
        rows["all"] = [sum(c) for c in zip(*rows.values())]
        for family, (total, wrong) in rows.items():
            print(f"{side}\t{family}\t{wrong} of {total}\t{100 * wrong / total:.3f} %")
    if half == "dev":
        for key, count in mistakes.most_common(show):
            print(count, *key, sep="\t")


main(sys.argv[1:])
