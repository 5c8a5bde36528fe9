"""Puts the pictures that the tests have taken into the documentation: publish_pictures.py FOLDER"""

import pathlib
import subprocess
import sys

import product

TAKEN = product.ROOT / "build/pictures"
# Those of the user guide, and which picture of the tests each of them is.
PICTURES = {
    "about": "tray-about-100",
    "delete": "delete-100",
    "export": "export-100",
    "fetch": "fetch-100",
    "history": "history-100",
    "history-dark": "history-dark-100",
    "in-use": "in-use-100",
    "menu": "menu-100",
    "restore": "restore-100",
    "restored": "restored-100",
    "settings": "settings-100",
    "settings-faults": "settings-faults-100",
    "settings-locked": "settings-locked-100",
    "setup": "setup-100",
    "setup-done": "setup-done-100",
}

# Those of the guide that are drawn: the icon on a light taskbar, at 200 %.
ICONS = {f"icon-{state}": f"{drawing}_light.ico[3]" for state, drawing in {
    "protected": "protected", "working": "working_0", "attention": "attention", "at-risk": "at_risk",
    "away": "away"}.items()}


def convert(picture, published, *options):
    # Without its date, the same picture is the same file.
    subprocess.run(["convert", picture, "-strip", "-define", "png:exclude-chunks=date,time", *options, published],
                   check=True)


def publish(folder):
    missing = [taken for taken in PICTURES.values() if not (TAKEN / f"{taken}.png").exists()]
    if missing:
        sys.exit(f"The tests have not taken these yet: {', '.join(missing)}. Run ./dev test.")
    for name, taken in PICTURES.items():
        convert(TAKEN / f"{taken}.png", f"PNG8:{folder / name}.png", "+dither", "-colors", "128")
    for name, drawing in ICONS.items():
        convert(product.ROOT / "tray/icons" / drawing, folder / f"{name}.png")


if __name__ == "__main__":
    publish(pathlib.Path(sys.argv[1]).resolve())
