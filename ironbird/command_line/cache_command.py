"""`python -m ironbird cache list|verify|prune`."""

import argparse
import time
from typing import TYPE_CHECKING

from ironbird.base.errors import UsageError
from ironbird.session.build import default_cache
from ironbird.session.cache import Entry

if TYPE_CHECKING:
    from ironbird.command_line import Subparsers

DAY_SECONDS = 24 * 3600
MEBIBYTE = 1024 * 1024


def add_to(subparsers: "Subparsers") -> None:
    """Add the command to the parser of `python -m ironbird`."""
    parser = subparsers.add_parser("cache", help="list, verify or prune built designs")
    actions = parser.add_subparsers(required=True, metavar="list|verify|prune")
    actions.add_parser("list", help="every entry").set_defaults(command=list_entries)
    actions.add_parser("verify", help="every damaged entry").set_defaults(command=verify_entries)
    prune = actions.add_parser("prune", help="remove damaged, old or too many entries")
    prune.add_argument("--older-than", type=float, metavar="DAYS")
    prune.add_argument(
        "--keep", type=float, metavar="MIB", help="remove the oldest beyond this size"
    )
    prune.set_defaults(command=prune_entries)


def list_entries(options: argparse.Namespace) -> int:
    """Print every entry, oldest first, and the sum."""
    cache = default_cache()
    entries = cache.entries()
    for entry in entries:
        print(_shown(entry))
    print(f"{_counted(len(entries))}, {_mebibytes(entries)} in {cache.root}")
    return 0


def verify_entries(options: argparse.Namespace) -> int:
    """Print every damaged entry; exit code 1 if there is one."""
    entries = default_cache().entries()
    damaged = [entry for entry in entries if entry.defect is not None]
    for entry in damaged:
        print(_shown(entry))
    print(f"{_counted(len(entries))} verified, {len(damaged)} damaged")
    return 1 if damaged else 0


def prune_entries(options: argparse.Namespace) -> int:
    """Remove damaged entries, and what the options ask for; print what went."""
    for name, limit in (("--older-than", options.older_than), ("--keep", options.keep)):
        if limit is not None and limit < 0:
            raise UsageError(f"{name} is {limit:g}", because="the least is 0")
    removed = default_cache().prune(
        max_age_seconds=None if options.older_than is None else options.older_than * DAY_SECONDS,
        max_bytes=None if options.keep is None else int(options.keep * MEBIBYTE),
    )
    for entry in removed:
        print(_shown(entry))
    print(f"{_counted(len(removed))} removed, {_mebibytes(removed)}")
    return 0


def _shown(entry: Entry) -> str:
    age_days = (time.time() - entry.built) / DAY_SECONDS
    defect = f"  damaged: {entry.defect}" if entry.defect is not None else ""
    return f"{entry.name}  {_mebibytes([entry])}  {age_days:.1f} days  {entry.title}{defect}"


def _mebibytes(entries: "list[Entry] | tuple[Entry, ...]") -> str:
    return f"{sum(entry.byte_count for entry in entries) / MEBIBYTE:.1f} MiB"


def _counted(count: int) -> str:
    return f"{count} {'entry' if count == 1 else 'entries'}"
