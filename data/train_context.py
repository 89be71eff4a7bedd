#!/usr/bin/env python3
"""Trains the model of what stands beside a character and writes normalize/context.tsv.

    python3 data/train_context.py [ARCHIVE ...]

It learns, for each Simplified character with several Traditional forms, which form stands beside what. The
material is normalize/sentences.txt, written for this library, OpenCC's phrases, and the Traditional interface
translations in the archives given, which are packages of the registries under permissive licences:

| archive | licence |
|---|---|
| Django's wheel: locale/zh_Hant | BSD-3-Clause |
| jupyterlab-language-pack-zh-TW's wheel | BSD-3-Clause |
| @codingame/monaco-vscode-language-pack-zh-hant's archive | MIT |

Their names and checksums go into the head of the table; their text does not. The same input gives the same
table, byte for byte. No text that is used to measure may be among it.
"""
import collections
import hashlib
import math
import pathlib
import re
import sys
import tarfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
TOTAL = 60_000_000.0
PHRASE = 60.0
PASSES, RATE, DECAY = 8, 0.3, 0.01
# What a feature is taken to have learned before: the less, the sooner rare ones speak.
START = 0.1
# By how many nats OpenCC's first form is ahead before anything is learned.
FIRST = 1.0
# Weights of less than this many eighths of a nat are left out.
SMALLEST = 8
# Forms of a character that differ in style alone, so that nothing beside them can decide: they count as the first.
STYLE = ["台臺", "周週", "布佈", "占佔", "念唸", "托託", "注註", "秘祕", "鑑鑒", "嘆歎", "跡蹟", "煙菸", "吊弔", "污汙",
         "濕溼", "灶竈", "僱雇", "厘釐", "鏈鍊", "凶兇", "游遊", "岩巖", "梁樑", "痴癡", "個箇", "贊讚", "娘孃", "升昇陞",
         "杯盃", "欲慾", "回迴", "伙夥", "閒閑", "弦絃", "豔艷", "秋鞦", "折摺", "艱囏", "尸屍", "蕩盪", "挨捱", "嘗嚐",
         "背揹", "毀燬譭", "雕鵰", "奸姦"]
NUMBERS = set("一二三四五六七八九十百千万几两半数多零")
POINTERS = set("这那每某哪各该此本")
SOUNDS = set("尔斯克特德拉里尼亚马卡巴达罗莱伯列切夫姆纳伊阿波奥加格塞弗坦索洛曼诺布森雷萨维托库瓦哈米科比吉蒂姬黛琳娜莎蓓"
             "葛艾埃欧乔珀赫鲁穆默恩贾帕佩皮菲费丹凯兹茨朗伦宾")


def rows(name):
    for line in (HERE / name).read_text("utf-8").splitlines():
        if line and line[0] != "#":
            yield line.split("\t")


def table(name):
    return {key: values.split(" ") for key, values in rows(f"opencc/{name}.txt")}


def is_han(char):
    return "\u3400" <= char <= "\u9fff"


class Forms:
    """Which Traditional forms a Simplified character has, and which of them differ by more than style."""

    def __init__(self):
        self.st, self.ts = table("STCharacters"), table("TSCharacters")
        self.same = {c: pair[0] for pair in STYLE for c in pair}
        taiwan = {key: values[0] for key, values in table("TWVariants").items() if len(values) == 1}
        self.taiwan = {**taiwan, "污": "污", "汙": "污", "溼": "濕"}
        self.of = {}
        self.sources = collections.defaultdict(list)
        for key, values in self.st.items():
            if len(key) == 1:
                forms = list(dict.fromkeys(self.canonical(v) for v in values if len(v) == 1))
                if len(forms) > 1:
                    self.of[key] = forms
                    for form in forms:
                        self.sources[form].append(key)

    def canonical(self, char):
        char = self.taiwan.get(char, char)
        return self.same.get(char, char)

    def simplified(self, char):
        """As the library sees a neighbour: its first Simplified form."""
        return self.ts[char][0] if char in self.ts else char

    def shadow(self, char):
        """The Simplified character, and the form if there are several."""
        form = self.canonical(char)
        sources = self.sources.get(form)
        if sources:
            plain = self.simplified(char)
            return (plain if plain in sources else sources[0]), form
        return self.simplified(char), None


class Words:
    """Cuts Simplified text into its likeliest words."""

    def __init__(self):
        self.costs = {}
        for word, frequency in rows("normalize/words.txt"):
            self.costs[word] = math.log(TOTAL / max(float(frequency), 0.2))
        for key in table("STPhrases"):
            if 2 <= len(key) <= 8:
                self.costs[key] = min(self.costs.get(key, 99.0), math.log(TOTAL / PHRASE))
        self.starts = {word[: length + 1] for word in self.costs for length in range(len(word))}

    def lengths(self, text):
        """The length of the word that each character is in."""
        best = [0.0] + [math.inf] * len(text)
        last = [0] * (len(text) + 1)
        for start in range(len(text)):
            for end in range(start + 1, len(text) + 1):
                part = text[start:end]
                cost = self.costs.get(part, 18.75 if end == start + 1 else None)
                if cost is not None and best[start] + cost < best[end]:
                    best[end], last[end] = best[start] + cost, start
                if part not in self.starts:
                    break
        lengths, end = [0] * len(text), len(text)
        while end:
            for at in range(last[end], end):
                lengths[at] = end - last[end]
            end = last[end]
        return lengths


def kind(char):
    if char in NUMBERS:
        return "N"
    if char in POINTERS:
        return "D"
    return "T" if char in SOUNDS else ""


def features(text, at, alone):
    """What stands beside the character: `text` is Simplified and # where no ideograph is."""
    def char(place):
        return text[place] if 0 <= place < len(text) and is_han(text[place]) else "#"

    left, right, before, behind = char(at - 1), char(at + 1), char(at - 2), char(at + 2)
    yield "alone" if alone else "inside", ""
    yield "left", left
    yield "right", right
    if left != "#":
        yield "left-two", before + left
    if right != "#":
        yield "right-two", right + behind
    yield "both", left + right
    a, b = kind(left), kind(right)
    if a:
        yield "left-kind", a
    if b:
        yield "right-kind", b
    if a and b:
        yield "kinds", a + b


def occurrences(forms, words, text, weights):
    """Every character of a Traditional text that has several forms."""
    pairs = [forms.shadow(char) for char in text]
    plain = "".join(pair[0] for pair in pairs)
    for run in re.finditer("[\u3400-\u9fff]+", plain):
        lengths = words.lengths(run.group())
        for at in range(run.start(), run.end()):
            simplified, form = pairs[at]
            if form is not None:
                alone = lengths[at - run.start()] == 1
                yield simplified, form, list(features(plain, at, alone)), weights[0 if alone else 1]


def archive(path):
    """The Traditional strings of a package."""
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as package:
            names = sorted(n for n in package.namelist() if re.search(r"zh_(Hant|TW)/.*\.(po|json)$", n))
            texts = [package.read(name).decode("utf-8") for name in names]
    else:
        with tarfile.open(path) as package:
            names = sorted(n for n in package.getnames() if n.endswith(".json"))
            texts = [package.extractfile(name).read().decode("utf-8") for name in names]
    found = {}
    for text in texts:
        for run in re.findall("[\u3400-\u9fff，。、；：！？「」『』（）]+", text):
            if len(run) > 1:
                found[run] = None
    return list(found)


def material(forms, words, archives):
    for line in (HERE / "normalize/sentences.txt").read_text("utf-8").splitlines():
        if line and line[0] != "#":
            yield from occurrences(forms, words, line, (2.0, 2.0))
    for path in archives:
        for line in archive(path):
            yield from occurrences(forms, words, line, (0.5, 0.25))
    frequencies = dict(rows("normalize/words.txt"))
    for key, values in table("STPhrases").items():
        value = values[0]
        if len(value) != len(key):
            continue
        weight = 0.05 * math.log2(2.0 + float(frequencies.get(key, 0)))
        for at, char in enumerate(key):
            own = forms.of.get(char)
            form = forms.canonical(value[at])
            if own and form in own:
                inside = [f for f in features(f" {key} ", at + 1, False) if "#" not in f[1]]
                yield char, form, inside, weight


def train(forms, examples):
    """One softmax for each character; sums of weights by feature and form."""
    by_char = collections.defaultdict(list)
    for char, form, seen, weight in examples:
        by_char[char].append((forms.of[char].index(form), seen, weight))
    model = {}
    for char in sorted(by_char):
        count = len(forms.of[char])
        weights, squares = {}, {}
        for _ in range(PASSES):
            for label, seen, importance in by_char[char]:
                rows_ = [weights.setdefault(f, [0.0] * count) for f in seen]
                scores = [sum(row[k] for row in rows_) for k in range(count)]
                scores[0] += FIRST
                top = max(scores)
                odds = [math.exp(score - top) for score in scores]
                total = sum(odds)
                errors = [importance * ((k == label) - odds[k] / total) for k in range(count)]
                for f, row in zip(seen, rows_):
                    square = squares.setdefault(f, [START] * count)
                    for k, error in enumerate(errors):
                        step = error - DECAY * row[k] * importance
                        square[k] += step * step
                        row[k] += RATE * step / math.sqrt(square[k])
        for f, row in weights.items():
            for k in range(1, count):
                bonus = FIRST if f[0] in ("alone", "inside") else 0.0
                eighths = round(8 * (row[k] - row[0] - bonus))
                if abs(eighths) >= SMALLEST:
                    model[char, forms.of[char][k], *f] = max(-127, min(127, eighths))
    return model


def main():
    archives = [pathlib.Path(argument) for argument in sys.argv[1:]]
    forms, words = Forms(), Words()
    model = train(forms, list(material(forms, words, archives)))
    out = [
        "# What stands beside a Simplified character and which of its Traditional forms that speaks for.",
        "# Written by data/train_context.py; do not edit. From sentences.txt, OpenCC's phrases and the words here,",
        "# and the Traditional interface translations (their text is not in this repository) of:",
    ]
    for path in archives:
        out.append(f"# {path.name}, SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()}")
    out.append("# kind: characters that count alike as neighbours. forms: a character's forms, OpenCC's first one first.")
    out.append("# weight: how much a feature speaks for a form against the first one, in eighths of a nat.")
    for name, chars in (("N", NUMBERS), ("D", POINTERS), ("T", SOUNDS)):
        out.append(f"kind\t{name}\t{''.join(sorted(filter(is_han, chars)))}")
    for char in sorted({key[0] for key in model}):
        out.append(f"forms\t{char}\t{''.join(forms.of[char])}")
    out.append("# weight\tchar\tform\tfeature\tneighbours\teighths")
    out += ["\t".join(map(str, ("weight", *key, weight))) for key, weight in sorted(model.items())]
    (HERE / "normalize/context.tsv").write_text("\n".join(out) + "\n", "utf-8")
    print(len(model), "weights of", len({key[0] for key in model}), "characters")


if __name__ == "__main__":
    main()
