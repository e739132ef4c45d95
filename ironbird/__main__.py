"""`python -m ironbird`: run a program or a module, tell what was found, look after the cache."""

import argparse
import sys
from collections.abc import Sequence

from ironbird.command_line import cache_command, doctor, run_command
from ironbird.session.ending import exit_code_of

COMMANDS = (run_command, doctor, cache_command)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line. Exit codes: 0 done, 1 failed, 2 misused, 130 interrupted."""
    parser = argparse.ArgumentParser(prog="python -m ironbird", description=__doc__)
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_to(subparsers)
    options = parser.parse_args(argv)
    return exit_code_of(lambda: int(options.command(options)))


if __name__ == "__main__":
    sys.exit(main())
