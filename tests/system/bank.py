"""A bank's application under Wine, whose money neither grows nor shrinks."""

import subprocess

import product

MONEY = 500_000


def begin_working(test, windows, database, mode="wal"):
    """Moves money about in the database, given as Windows names it, until end_working(), or the test's end."""
    application = subprocess.Popen(["wine", windows.windows_path(product.BUILT_BIN / "bank_writer.exe")],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
                                   env=windows.environment)
    test.addCleanup(end_working, application)
    application.stdin.write(f"{database}\n{mode}\n")
    application.stdin.flush()
    test.assertEqual(application.stdout.readline().strip(), "ready")
    return application


def end_working(application):
    """Its exit code."""
    if not application.stdin.closed:
        application.stdin.close()
        application.stdout.close()
    return application.wait(timeout=60)
