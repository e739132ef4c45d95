"""How a command ends: its exit code, and what a person reads when it fails."""

import os
import sys
from collections.abc import Callable, Sequence

from ironbird.base.errors import IronbirdError
from ironbird.base.findings import Finding, FindingKind
from ironbird.session.result import RunFailed

EXIT_FAILED = 1
# 128 + SIGINT, as shells report a command that Ctrl-C ended.
EXIT_INTERRUPTED = 130


def exit_code_of(command: Callable[[], int]) -> int:
    """Run `command`; turn an error that names its remedy into its message, without a traceback.

    IRONBIRD_TRACEBACK=1 leaves the traceback in place.
    """
    try:
        return command()
    except IronbirdError as failure:
        if os.environ.get("IRONBIRD_TRACEBACK") == "1":
            raise
        print(failure, file=sys.stderr)
        return exit_code_for(failure.findings if isinstance(failure, RunFailed) else ())
    except KeyboardInterrupt:
        if os.environ.get("IRONBIRD_TRACEBACK") == "1":
            raise
        print("interrupted", file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader of our output (head, less) is gone; Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILED


def exit_code_for(findings: Sequence[Finding]) -> int:
    """The exit code of a run that failed: another one if the person at the keyboard ended it."""
    interrupted = any(finding.kind is FindingKind.INTERRUPTED for finding in findings)
    return EXIT_INTERRUPTED if interrupted else EXIT_FAILED
