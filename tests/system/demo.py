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


def picture(screen, name, tooltip):
    """A picture of the corner with the icon, enlarged, as the icon with its menu or tooltip is small."""
    file = PICTURES / name
    whole = PICTURES / "screen.png"
    screen.screenshot(whole)
    subprocess.run(["convert", whole, "-gravity", "NorthEast", "-crop", "420x150+0+0", "+repage", "-filter", "point",
                    "-resize", "200%", file], check=True)
    print(f"  {file.relative_to(product.ROOT)}: {tooltip}")


def wait_for_tooltip(windows, text):
    probe = windows.windows_path(product.BUILT_BIN / "tray_probe.exe")
    wait_until(text, lambda: windows.run(probe, "title").stdout.strip() == text)


def point_at_icon(screen, button=None):
    icon = screen.tray_icon()
    place = [str(icon.x + icon.width // 2), str(icon.y + icon.height // 2)]
    click = ["click", str(button)] if button else []
    subprocess.run(["xdotool", "mousemove", *place, *click], check=True,
                   env={"DISPLAY": screen.display, "PATH": "/usr/bin:/bin"})


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
    windows.start(TRAY)
    wait_for_tooltip(windows, "Holdfast: No database is protected yet.")
    point_at_icon(screen, button=3)
    probe = windows.windows_path(product.BUILT_BIN / "tray_probe.exe")
    wait_until("The menu is open.", lambda: windows.run(probe, "visible", "#32768").exit_code == 0)
    picture(screen, "tray.png", "no database is protected yet: red, with the menu")

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
