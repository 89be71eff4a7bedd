"""Tests of the dry run of an import, over a small made-up release: python3 data/test_rehearse_opencc.py"""

import contextlib
import io
import pathlib
import tempfile
import unittest
from unittest import mock

import import_opencc as importer
import rehearse_opencc


class Rehearsal(unittest.TestCase):
    """The library's tables and those of a release, in folders of three tables each."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        ours, self.release = pathlib.Path(scratch.name, "ours"), pathlib.Path(scratch.name, "release")
        tables = {
            "HKVariants": "上\t下\n",
            "TSCharacters": "# @tofu-risk: rare\n㑳\t㑳 㑇\n頭\t头\n",
            "TWVariants": "# @reverse-prefer: 峰 峰\n峯\t峰\n峰\t峰\n",
        }
        for folder in [ours, self.release]:
            folder.mkdir()
            for name, text in tables.items():
                (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        patch = mock.patch.multiple(importer, SOURCE_TABLES=list(tables), TABLES=ours)
        patch.start()
        self.addCleanup(patch.stop)

    def write(self, name, text):
        (self.release / name).write_text(text, encoding="utf-8")

    def rehearse(self):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            stops = rehearse_opencc.rehearse(self.release)
        return stops, out.getvalue()

    def test_the_same_release_changes_nothing(self):
        stops, out = self.rehearse()
        self.assertEqual(stops, 0, out)
        self.assertEqual(out.count("as before"), 3)
        self.assertNotIn("added", out)

    def test_what_comes_goes_and_changes_is_said(self):
        self.write("TWVariants.txt", "峯\t峰 丘\n裏\t裡\n")
        self.write("SealVariants.txt", "一\t二\n")
        self.write("s2seal.json", '{"file": "SealVariants.txt"}')
        stops, out = self.rehearse()
        self.assertEqual(stops, 0, out)
        self.assertIn("SealVariants: would be added, 1 entries", out)
        self.assertIn("TWVariants: 1 added (裏 裡); 1 removed (峰 峰); 1 changed (峯 峰 丘)", out)
        self.assertIn("s2seal: would be new; reads SealVariants.txt", out)

    def test_what_would_stop_the_build_is_said_and_fails_nowhere(self):
        self.write("TWVariants.txt", "# @reverse-prefer: 一\n峯\t峰\n")
        self.write("TSCharacters.txt", "no tab\n")
        (self.release / "HKVariants.txt").unlink()
        stops, out = self.rehearse()
        self.assertEqual(stops, 4, out)
        self.assertIn("TSCharacters.txt:1: no tab", out)
        self.assertIn("TSCharacters: the build and the configs need it", out)
        self.assertIn("HKVariants: the build and the configs need it", out)
        self.assertIn("一 does not come from 一", out)

    def test_a_wheel_has_no_annotations_and_its_derived_tables_are_compared(self):
        self.write("TWVariants.txt", "峯\t峰\n峰\t峰\n")
        self.write("TSCharacters.txt", "頭\t头\n")
        self.write("TSCharactersExt.txt", "㑳\t㑇\n")
        self.write("TWVariantsRev.txt", "峰\t峰 峯\n")
        stops, out = self.rehearse()
        self.assertEqual(stops, 0, out)
        self.write("TWVariantsRev.txt", "峰\t峯 峰\n")
        stops, out = self.rehearse()
        self.assertEqual(stops, 1, out)
        self.assertIn("TWVariantsRev: the release's own differs", out)


if __name__ == "__main__":
    unittest.main()
