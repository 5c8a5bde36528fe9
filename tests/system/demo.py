"""Shows the installed product at work in a throw-away Windows, and leaves pictures of the tray in build/demo/."""

import pathlib
import subprocess
import tempfile
import time

import product
from screen import Screen
from wine import Wine, wait_until

HOLDFAST = r"C:\Program Files\Holdfast\holdfast.exe"
TRAY = r"C:\Program Files\Holdfast\holdfast-tray.exe"
PICTURES = product.ROOT / "build/demo"


def show(what):
    print(f"\n{what}", flush=True)


def run(windows, *command):
    """Runs a command as its user would, and shows what that user sees."""
    print(f"  > {pathlib.PureWindowsPath(command[0]).stem} {' '.join(command[1:])}")
    finished = windows.run(*command)
    for line in (finished.stdout + finished.stderr).splitlines():
        print(f"  {line.rstrip()}")
    print(f"  (exit code {finished.exit_code})")
    return finished


def picture(screen, name, what):
    """A picture of the corner with the icon, twice as large."""
    file = PICTURES / name
    whole = PICTURES / "screen.png"
    screen.screenshot(whole)
    subprocess.run(["convert", whole, "-gravity", "SouthEast", "-crop", "280x110+0+0", "+repage", "-filter", "point",
                    "-resize", "200%", file], check=True)
    whole.unlink()
    print(f"  {file.relative_to(product.ROOT)}: {what}")


def probe(windows, *arguments):
    return windows.run(windows.windows_path(product.BUILT_BIN / "tray_probe.exe"), *arguments)


def wait_for_tooltip(windows, text):
    wait_until(text, lambda: probe(windows, "title").stdout.strip() == text)


def menu_is_open(windows):
    return probe(windows, "visible", "#32768").exit_code == 0


def demonstrate(screen, windows, msi):
    show(f"Installing {msi.name}, silently")
    begin = time.monotonic()
    print(f"  msiexec ended with {windows.install(msi)} after {time.monotonic() - begin:.1f} s")
    print(f"  the service Holdfast is {windows.service_state('Holdfast')}")

    show("Asking the installed service")
    run(windows, HOLDFAST, "status")
    run(windows, HOLDFAST, "status", "--json")
    run(windows, HOLDFAST, "statsu")

    show("The tray")
    windows.set_registry_number(product.THEME_KEY, product.THEME_VALUE, 1)
    windows.set_registry_number(product.SETUP_KEY, product.SETUP_VALUE, 1)
    windows.start(TRAY)
    wait_for_tooltip(windows, "Holdfast: No database is protected yet.")
    screen.click_tray_icon(button=3)
    wait_until("The menu is open.", lambda: menu_is_open(windows))
    picture(screen, "tray.png", "no database is protected yet: red, with the menu")
    probe(windows, "close-menu")
    wait_until("The menu is closed.", lambda: not menu_is_open(windows))

    show("The service is killed")
    windows.kill("holdfast.exe")
    wait_for_tooltip(windows, "Holdfast: the service is not running.")
    run(windows, HOLDFAST, "status")
    picture(screen, "tray-away.png", "the service is away: grey")

    show("What the Event Log was told")
    for event in windows.events():
        print(f"  {event.id} {event.type}: {', '.join(event.strings)}")

    show("Uninstalling")
    print(f"  msiexec ended with {windows.uninstall(msi)}; the service is {windows.service_state('Holdfast')}")
    kept = windows.unix_path(r"C:\ProgramData\Holdfast")
    print(f"  kept in ProgramData: {', '.join(sorted(entry.name for entry in kept.iterdir()))}")


def main():
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="demo-") as scratch, Screen() as screen:
        with Wine(screen.display) as windows:
            demonstrate(screen, windows, product.package(pathlib.Path(scratch) / "package").msi)


if __name__ == "__main__":
    main()
