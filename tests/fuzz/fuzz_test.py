"""Lets libFuzzer look for bytes that the readers of foreign bytes do not survive.

What it finds stays in build/fuzz/<target>/, and so does what it learns, for the next time.
"""

import os
import pathlib
import shutil
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECONDS = int(os.environ.get("HOLDFAST_FUZZ_SECONDS", "30"))
# AddressSanitizer holds back what was freed, which would count as the target's memory.
SANITIZERS = {"ASAN_OPTIONS": "quarantine_size_mb=32"}


class Fuzzing(unittest.TestCase):
    def fuzz(self, target, max_bytes):
        work = ROOT / "build/fuzz" / target
        learned = work / "corpus"
        # The committed corpus is only read: libFuzzer adds to the first folder it is given.
        shutil.copytree(ROOT / "tests/fuzz/corpus" / target, learned, dirs_exist_ok=True)
        log = work / "log.txt"
        with log.open("w") as output:
            ended = subprocess.run(
                [ROOT / f"build/linux-fuzz/bin/fuzz_{target}", learned, f"-artifact_prefix={work}/",
                 f"-max_total_time={SECONDS}", f"-max_len={max_bytes}", "-timeout=10", "-rss_limit_mb=512",
                 "-print_final_stats=1"],
                stdout=output, stderr=subprocess.STDOUT, env=os.environ | SANITIZERS, check=False)
        told = log.read_text(errors="replace")
        self.assertEqual(ended.returncode, 0, told[-4000:])
        # A target that read nothing has proved nothing.
        self.assertRegex(told, r"stat::number_of_executed_units: \d{3}")

    def test_archive(self):
        """No bytes that are taken for an archive crash or hang Holdfast, and a good one is good to zlib too."""
        self.fuzz("archive", max_bytes=32 * 1024)

    def test_manifest(self):
        """No bytes that are taken for a manifest crash or hang Holdfast, and one that is read is written the same."""
        self.fuzz("manifest", max_bytes=16 * 1024)


if __name__ == "__main__":
    unittest.main()
