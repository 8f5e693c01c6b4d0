"""`python -m tui` and `senddesk`."""

import sys

from tui.terminal.crash import install_excepthook


def main() -> None:
    """Run the command line and leave with its exit code."""
    install_excepthook()
    from tui.cli import main as run

    sys.exit(run())


if __name__ == "__main__":
    main()
