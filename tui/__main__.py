"""`python -m tui` and `senddesk`."""

import gc
import sys

from tui.terminal.crash import install_excepthook


def main() -> None:
    """Run the command line and leave with its exit code."""
    # What is loaded now stays: `collect_garbage` follows once a command has what it needs.
    gc.disable()
    install_excepthook()
    from tui.cli import main as run

    code = run()
    # What is left goes with the process: to search it for garbage first took a fifth of a short command.
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
