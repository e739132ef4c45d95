"""What `python -m ironbird` can do, one command a file."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    # argparse calls its own type private; every command adds itself to one.
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]
