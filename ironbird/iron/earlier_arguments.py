"""Arguments that an earlier generation of IRON called by another name."""

from typing import Any

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.device import Tile


def given_once(now: Any, earlier: Any, names: str, of: str, *, default: Any = None) -> Any:
    """What was given under either of two names, `default` if under none; refuses both.

    names: as the author writes them, such as `tile= and placement=`.
    """
    if earlier is None:
        return now
    if now is not default:
        raise DesignError(
            f"{of} is given {names}",
            at=author_line(),
            because="they are the new and the earlier name of one argument",
            fix="one of the two",
        )
    return earlier


def placed(tile: Tile, placement: Tile | None, of: str, *, default: Tile) -> Tile:
    """`tile=`, which was called `placement=` until March 2026."""
    found: Tile = given_once(tile, placement, "tile= and placement=", of, default=default)
    return found
