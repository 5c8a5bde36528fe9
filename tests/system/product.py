"""Where the built product lies, and packages made of it."""

import collections
import os
import pathlib
import re
import struct
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILT_BIN = ROOT / "build/windows/bin"
# Other programs than the built ones may be tested.
BIN = pathlib.Path(os.environ.get("HOLDFAST_BIN", BUILT_BIN)).resolve()
# Where Windows keeps whether the taskbar is light.
THEME_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
THEME_VALUE = "SystemUsesLightTheme"
# And whether programs are.
APPS_THEME_VALUE = "AppsUseLightTheme"
# Where the tray keeps that nobody wants its set-up to open by itself.
SETUP_KEY = r"HKCU\Software\Holdfast"
SETUP_VALUE = "SetupSkipped"
PROGRAMS = ("holdfast.exe", "holdfast-tray.exe")

# A package and the folder with the programs that are in it.
Package = collections.namedtuple("Package", "msi programs")


def version():
    """The version of the source tree, as "1.2.3"."""
    return re.search(r"project\(\s*Holdfast\s+VERSION\s+([\d.]+)", (ROOT / "CMakeLists.txt").read_text()).group(1)


def next_version():
    major, minor, patch = version().split(".")
    return f"{major}.{minor}.{int(patch) + 1}"


def package(folder):
    """The package that the build made; one made in `folder` when other programs are tested."""
    if BIN != BUILT_BIN:
        return package_of_version(version(), folder)
    return Package(ROOT / f"build/windows/Holdfast-{version()}-x64.msi", BIN)


def package_of_version(wanted, folder):
    """A package made in `folder` of the programs, which say in it that they are version `wanted`."""
    folder.mkdir(parents=True)
    _programs_of_version(wanted, folder)
    icon = ROOT / "tray/icons/holdfast.ico"
    if not icon.exists():
        icon = folder / "holdfast.ico"
        subprocess.run(["convert", "-size", "32x32", "xc:green", icon], check=True)
    msi = folder / f"Holdfast-{wanted}-x64.msi"
    built = subprocess.run([ROOT / "installer/build", "--version", wanted, "--bin", folder, "--output", msi,
                            "--icon", icon], capture_output=True, encoding="utf-8")
    if built.returncode != 0:
        raise AssertionError(f"installer/build made no package: {built.stderr}")
    return Package(msi, folder)


def _programs_of_version(wanted, folder):
    major, minor, patch = (int(part) for part in wanted.split("."))
    for name in PROGRAMS:
        program = bytearray((BIN / name).read_bytes())
        fixed_file_info = program.index(struct.pack("<II", 0xFEEF04BD, 0x00010000))
        number = struct.pack("<HHHH", minor, major, 0, patch)
        program[fixed_file_info + 8:fixed_file_info + 24] = number + number
        (folder / name).write_bytes(program)
