"""The case files of the differential test: `<kind>.<config>.<include|exclude>.tsv`.

One case a line: a text, a tab, the official result. In both, backslash, tab, LF and CR are written `\\\\`,
`\\t`, `\\n` and `\\r`. `include` and `exclude` say whether the rare-character table took part.
"""


def escape(text):
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def write(folder, kind, config, rare, pairs):
    """Writes the pairs of text and official result; returns how many there were."""
    count = 0
    with open(folder / f"{kind}.{config}.{rare}.tsv", "w", encoding="utf-8", newline="\n") as file:
        for text, expected in pairs:
            file.write(f"{escape(text)}\t{escape(expected)}\n")
            count += 1
    return count
