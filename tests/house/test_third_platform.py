"""A further platform is one package and one line: the desk knows nothing else of any of them."""

import subprocess
import sys

from tests.support.terminal import ROOT

WITH_THIRD = ("-p", "tests.support.third_platform.one_line", "-n0", "-q", "--no-header")


TESTS = (
    "tests/support/third_platform/journey.py",
    "tests/models/providers/test_platforms.py",
    "tests/models/providers/test_clients.py",
    "tests/models/rules/test_packet.py",
)


def test_a_third_platform_passes() -> None:
    """Its PROVIDER has to be there before any module reads `PROVIDERS`: in a Python of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *WITH_THIRD, *TESTS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]
