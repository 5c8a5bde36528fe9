"""The package as those who make it and those who receive it look at it."""

import hashlib
import json
import pathlib
import subprocess
import tempfile
import unittest

import product

PASSWORD = "a password for an afternoon"


def run(*command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, encoding="utf-8", check=False, **options)


class Package(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="package-test-")
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name)

    def build(self, name, *options):
        package = self.scratch / name
        built = run(product.ROOT / "installer/build", "--version", product.version(), "--bin", product.BIN,
                    "--output", package, *options)
        self.assertEqual(built.returncode, 0, built.stderr)
        return package

    def unpack(self, package):
        """The folder with the installed files."""
        folder = self.scratch / f"{package.stem}-files"
        self.assertEqual(run("msiextract", "-C", folder, package).returncode, 0)
        return next(folder.rglob("holdfast.exe")).parent

    def test_same_bytes(self):
        """The same programs give the same package, to the byte."""
        self.assertEqual(self.build("one.msi").read_bytes(), self.build("two.msi").read_bytes())

    def test_origins(self):
        """The package says of what it is made: the licences, and a bill of materials with the programs' hashes."""
        files = self.unpack(self.build("holdfast.msi"))
        self.assertIn("SQLite", (files / "THIRD_PARTY.txt").read_text(encoding="utf-8"))
        bill = json.loads((files / "holdfast.spdx.json").read_text(encoding="utf-8"))
        hashes = {pathlib.PurePosixPath(file["fileName"]).name: checksum["checksumValue"] for file in bill["files"]
                  for checksum in file["checksums"] if checksum["algorithm"] == "SHA256"}
        for name in product.PROGRAMS:
            self.assertEqual(hashes[name], hashlib.sha256((files / name).read_bytes()).hexdigest())

    def test_policies(self):
        """The templates for Group Policy lie beside the programs."""
        files = self.unpack(self.build("holdfast.msi"))
        templates = product.ROOT / "installer/policy"
        for name in ("holdfast.admx", "en-US/holdfast.adml"):
            self.assertEqual((files / "policy" / name).read_bytes(), (templates / name).read_bytes())

    def test_signed(self):
        """With a certificate the programs and the package are signed with it, and without its password nothing is made."""
        key, certificate, pair = (self.scratch / name for name in ("key.pem", "certificate.pem", "pair.p12"))
        password = self.scratch / "password"
        password.write_text(PASSWORD)
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=Holdfast test",
            "-addext", "extendedKeyUsage=codeSigning", "-keyout", key, "-out", certificate)
        run("openssl", "pkcs12", "-export", "-inkey", key, "-in", certificate, "-passout", f"file:{password}", "-out", pair)
        package = self.build("signed.msi", "--certificate", pair, "--password-file", password)
        files = self.unpack(package)
        for signed in (package, *(files / name for name in product.PROGRAMS)):
            with self.subTest(file=signed.name):
                verified = run("osslsigncode", "verify", "-CAfile", certificate, "-in", signed)
                self.assertIn("Signature verification: ok", verified.stdout + verified.stderr)

        password.write_text("another")
        refused = run(product.ROOT / "installer/build", "--version", product.version(), "--bin", product.BIN,
                      "--output", self.scratch / "refused.msi", "--certificate", pair, "--password-file", password)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("could not be signed", refused.stderr)
        self.assertFalse((self.scratch / "refused.msi").exists())


if __name__ == "__main__":
    unittest.main()
