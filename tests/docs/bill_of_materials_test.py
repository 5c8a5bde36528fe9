"""What of others is in the programs is told: the licences on a page, the versions and digests in SPDX 2.3."""

import base64
import hashlib
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "cmake/dependencies/bill_of_materials"
PINS = ROOT / "cmake/dependencies/pins"
REAL_SOURCES = ROOT / "build/deps/sources"

BLESSING = ("** The author disclaims copyright to this source code.  In place of",
            "** a legal notice, here is a blessing:",
            "**    May you share freely, never taking more than you give.")
EXCEPTION = ("GCC RUNTIME LIBRARY EXCEPTION", "the permission", "requirements of the license of GCC.")
LICENCES = {"boost1.81": "LICENSE_1_0.txt", "nlohmann-json3": "LICENSE.MIT", "fmtlib": "LICENSE.rst",
            "spdlog": "LICENSE", "libisal": "LICENSE", "xxhash": "LICENSE", "zlib": "LICENSE"}
GCC, MINGW = "gcc-mingw-w64-x86-64-posix-runtime", "mingw-w64-x86-64-dev"
INSTALLED = {GCC: "12.2.0-14+deb12u1", MINGW: "10.0.0-3"}
# The names by which CMake finds what THIRD_PARTY.md calls otherwise.
CALLED = {"nlohmann_json": "JSON for Modern C++", "SQLite3": "SQLite", "unofficial-isal": "ISA-L",
          "unofficial-minizip": "minizip", "ZLIB": "zlib"}


def write(path, *lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def append(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def pins():
    """{name: [version, origin, digest]}"""
    lines = [line.split() for line in PINS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {name: rest for name, *rest in lines}


def sqlite_version():
    """The one that `pins` says its package carries."""
    return re.search(r"SQLite's amalgamation ([\d.]+)", PINS.read_text(encoding="utf-8")).group(1)


class World:
    """Sources and a Debian system with as little in them as there must be, and what is written from them."""

    def __init__(self, folder):
        self.folder = folder
        self.sources, self.system = folder / "sources", folder / "system"
        for name, licence in LICENCES.items():
            write(self.sources / name / licence, f"the licence of {name}", "in two lines")
        write(self.sources / "zlib/contrib/minizip/MiniZip64_info.txt", "the licence of minizip")
        write(self.sources / "better-sqlite3/sqlite3.h", "/*", *BLESSING, "** more", "*/",
              f'#define SQLITE_VERSION        "{sqlite_version()}"')
        documents = self.system / "usr/share/doc"
        write(documents / GCC / "copyright", "of other things", *EXCEPTION, "of others again")
        write(documents / MINGW / "copyright", "the notices of mingw-w64")
        write(self.system / "usr/share/common-licenses/GPL-3", "the GPL")
        for name, version in INSTALLED.items():
            installed = f"Package: {name}\nStatus: install ok installed\nVersion: {version}\n\n"
            append(self.system / "var/lib/dpkg/status", installed)
        self.programs = [folder / "holdfast.exe", folder / "holdfast-tray.exe"]
        for program in self.programs:
            write(program, f"the program {program.name}")
        self.page, self.sbom = folder / "THIRD_PARTY.md", folder / "holdfast.spdx.json"

    def run(self, *more, epoch="1700000000"):
        return subprocess.run(
            [SCRIPT, "--version", "1.2.3", "--sources", self.sources, "--system", self.system,
             "--third-party", self.page, "--sbom", self.sbom, *more],
            capture_output=True, encoding="utf-8", check=False, env={**os.environ, "SOURCE_DATE_EPOCH": epoch})

    def document(self):
        return json.loads(self.sbom.read_text(encoding="utf-8"))


class BillOfMaterials(unittest.TestCase):
    def setUp(self):
        self.world = self.make_world()

    def make_world(self):
        scratch = tempfile.TemporaryDirectory(prefix="bill-of-materials-")
        self.addCleanup(scratch.cleanup)
        return World(pathlib.Path(scratch.name))

    def make(self, *more, **how):
        made = self.world.run(*more, **how)
        self.assertEqual((made.returncode, made.stderr), (0, ""))
        return self.world.document()

    def refusal(self, *more):
        refused = self.world.run(*more)
        self.assertEqual(refused.returncode, 1)
        self.assertFalse(self.world.page.exists() or self.world.sbom.exists())
        self.assertRegex(refused.stderr, r"\Abill_of_materials: .+\.\n\Z")
        return refused.stderr

    def test_same_bytes(self):
        """The same sources give the same bill of materials to the byte, wherever they lie."""
        other = self.make_world()
        for world in (self.world, other):
            self.assertEqual(world.run(*world.programs).returncode, 0)
        self.assertEqual(self.world.page.read_bytes(), other.page.read_bytes())
        self.assertEqual(self.world.sbom.read_bytes(), other.sbom.read_bytes())

    def test_time(self):
        """The bill of materials is dated by SOURCE_DATE_EPOCH, and another one has another namespace."""
        first = self.make(epoch="1700000000")
        self.assertEqual(first["creationInfo"]["created"], "2023-11-14T22:13:20Z")
        second = self.make(epoch="1700000001")
        self.assertEqual(second["creationInfo"]["created"], "2023-11-14T22:13:21Z")
        self.assertNotEqual(first["documentNamespace"], second["documentNamespace"])

    def test_shape(self):
        """The bill of materials has what SPDX 2.3 requires, and relationships lead only to what is in it."""
        for programs in ([], self.world.programs):
            document = self.make(*programs)
            self.assertLessEqual({"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0",
                                  "SPDXID": "SPDXRef-DOCUMENT"}.items(), document.items())
            self.assertRegex(document["documentNamespace"], r"^https://[^#\s]+$")
            self.assertTrue(document["name"] and document["creationInfo"]["creators"])
            elements = [*document["packages"], *document["files"]]
            ids = ["SPDXRef-DOCUMENT", *(element["SPDXID"] for element in elements)]
            self.assertEqual(len(ids), len(set(ids)))
            for element in elements:
                self.assertRegex(element["SPDXID"], r"^SPDXRef-[a-zA-Z0-9.-]+$")
            for package in document["packages"]:
                self.assertTrue(package["name"] and package["versionInfo"] and package["downloadLocation"])
                self.assertEqual(package["filesAnalyzed"], "packageVerificationCode" in package)
                self.assertNotIn(package["licenseDeclared"], ("", "NOASSERTION"))
            for file in document["files"]:
                self.assertEqual([one["algorithm"] for one in file["checksums"]], ["SHA1", "SHA256"])
            for relation in document["relationships"]:
                self.assertIn(relation["spdxElementId"], ids)
                self.assertIn(relation["relatedSpdxElement"], ids)
            self.assertIn({"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
                           "relatedSpdxElement": "SPDXRef-Package-Holdfast"}, document["relationships"])
            named = set(re.findall(r"LicenseRef-[\w.-]+", " ".join(one["licenseDeclared"]
                                                                   for one in document["packages"])))
            self.assertEqual(named, {one["licenseId"] for one in document["hasExtractedLicensingInfos"]})

    def test_pins(self):
        """Each pinned library that is in a program is in the bill of materials with its version and digest."""
        packages = {package["name"]: package for package in self.make()["packages"]}
        found = {(package["checksums"][0]["algorithm"], package["checksums"][0]["checksumValue"])
                 for package in packages.values() if "checksums" in package}
        pinned = pins()
        del pinned["catch2"]
        expected = set()
        for _, _, digest in pinned.values():
            algorithm, value = digest.split("-", 1)
            expected.add((algorithm.upper(), base64.b64decode(value).hex() if algorithm == "sha512" else value))
        self.assertEqual(found, expected)
        self.assertEqual(packages["SQLite"]["versionInfo"], sqlite_version())
        self.assertEqual(packages["zlib"]["versionInfo"], pinned["zlib"][0].split("+really")[-1])
        self.assertEqual(packages["winpthreads"]["versionInfo"], INSTALLED[MINGW])
        self.assertNotIn("Catch2", packages)

    def test_programs(self):
        """Each program is in the bill of materials with its digest and with what is linked into it."""
        document = self.make(*self.world.programs)
        for program in self.world.programs:
            file = next(one for one in document["files"] if one["fileName"] == f"./{program.name}")
            self.assertEqual(file["checksums"][1]["checksumValue"], hashlib.sha256(program.read_bytes()).hexdigest())
        names = {element["SPDXID"]: element["name"] for element in document["packages"]}
        linked = {program.name: {names[relation["relatedSpdxElement"]] for relation in document["relationships"]
                                 if relation["relationshipType"] == "STATIC_LINK"
                                 and relation["spdxElementId"] == f"SPDXRef-File-{program.name}"}
                  for program in self.world.programs}
        only_service = {"SQLite", "ISA-L", "xxHash", "zlib", "minizip"}
        self.assertEqual(linked["holdfast.exe"] - linked["holdfast-tray.exe"], only_service)
        self.assertLess(linked["holdfast-tray.exe"], linked["holdfast.exe"])
        self.assertEqual(linked["holdfast.exe"], set(names.values()) - {"Holdfast"})

    def test_licences(self):
        """The page with the licences has the whole text of each, and of a larger file only that."""
        self.make()
        page = self.world.page.read_text(encoding="utf-8")
        for name in LICENCES:
            self.assertIn(f"the licence of {name}\nin two lines\n", page)
        self.assertIn("\n".join(line.removeprefix("** ") for line in BLESSING), page)
        self.assertIn("\n".join(EXCEPTION) + "\n\nthe GPL\n", page)
        self.assertEqual(page.count("the notices of mingw-w64"), 1)
        for foreign in ("** more", "of other things", "of others again"):
            self.assertNotIn(foreign, page)

    def test_missing_licence(self):
        """A licence that is missing, empty or not where it should be is refused with a sentence."""
        header = self.world.sources / "better-sqlite3/sqlite3.h"
        licence = self.world.sources / "xxhash/LICENSE"
        header_text, text = header.read_text(encoding="utf-8"), licence.read_text(encoding="utf-8")
        licence.unlink()
        self.assertIn("The licence of xxHash is missing", self.refusal())
        licence.write_text("\n", encoding="utf-8")
        self.assertIn("The licence of xxHash is missing", self.refusal())
        licence.write_text(text, encoding="utf-8")
        header.write_text(header_text.replace("disclaims", "claims"), encoding="utf-8")
        self.assertIn("The licence of SQLite is missing", self.refusal())

    def test_unknown(self):
        """A pinned library, a program or a system that nothing is known of is refused with a sentence."""
        more = self.world.folder / "pins"
        more.write_text(PINS.read_text(encoding="utf-8") + "newcomer 1.0 bookworm sha256-00\n", encoding="utf-8")
        self.assertIn("pins newcomer", self.refusal("--pins", more))
        fewer = [line for line in PINS.read_text(encoding="utf-8").splitlines() if not line.startswith("xxhash")]
        write(more, *fewer)
        self.assertIn("does not pin xxhash", self.refusal("--pins", more))
        self.assertIn("other.exe", self.refusal(self.world.folder / "other.exe"))
        self.world.programs[0].unlink()
        self.assertIn("cannot be read", self.refusal(self.world.programs[0]))
        write(self.world.system / "var/lib/dpkg/status", "Package: other", "Status: install ok installed")
        self.assertIn("is not installed", self.refusal())

    def test_real_sources(self):
        """The bill of materials can be made of the sources that the programs are built from."""
        if not REAL_SOURCES.is_dir():
            self.skipTest("The sources are not unpacked: cmake/dependencies/prepare does that.")
        self.world.sources, self.world.system = REAL_SOURCES, pathlib.Path("/")
        names = {package["name"] for package in self.make()["packages"]}
        self.assertIn("ISA-L", names)
        self.assertIn("GNU GENERAL PUBLIC LICENSE", self.world.page.read_text(encoding="utf-8"))


class Table(unittest.TestCase):
    """THIRD_PARTY.md and ./dev update-deps."""

    def rows(self, text):
        return [line for line in text.splitlines() if line.startswith("| ")]

    def test_page(self):
        """THIRD_PARTY.md lists the components with the pinned versions, as the page of the installer does."""
        with tempfile.TemporaryDirectory(prefix="bill-of-materials-") as folder:
            world = World(pathlib.Path(folder))
            self.assertEqual(world.run().returncode, 0)
            made = self.rows(world.page.read_text(encoding="utf-8"))
        self.assertGreater(len(made), 10)
        self.assertEqual(self.rows((ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")), made)

    def test_found_libraries(self):
        """Every library that CMake finds is in THIRD_PARTY.md, and so is what the compiler links statically."""
        listed = {row.split("|")[1].strip() for row in self.rows((ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8"))}
        found = set(re.findall(r"find_package\((\S+)", (ROOT / "cmake/third_party.cmake").read_text(encoding="utf-8")))
        self.assertLessEqual({CALLED.get(name, name) for name in found - {"Threads"}}, listed)
        toolchain = (ROOT / "cmake/toolchains/windows-mingw.cmake").read_text(encoding="utf-8")
        self.assertIn('CMAKE_EXE_LINKER_FLAGS_INIT "-static"', toolchain)
        self.assertLessEqual({"GCC runtime (libgcc, libstdc++)", "mingw-w64 runtime", "winpthreads"}, listed)

    def test_update_deps(self):
        """./dev update-deps shows each pinned version, and where it is told how to raise one."""
        told = subprocess.run([ROOT / "dev", "update-deps"], capture_output=True, encoding="utf-8", check=True).stdout
        for name, (version, origin, _) in pins().items():
            self.assertRegex(told, rf"(?m)^  {re.escape(name)} +{re.escape(version)} +{origin}$")
        self.assertIn("docs/dependencies.md", told)


if __name__ == "__main__":
    unittest.main()
