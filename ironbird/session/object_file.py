"""An object file of a kernel as the simulator knows it: where its C++ is, not machine code.

Build scripts compile kernels to `.o` files that a design names later. Which design, and with which
numerics, is known only then, so the file keeps the source's place and flags.
"""

import json
from pathlib import Path
from typing import Any

from ironbird.base.errors import UsageError
from ironbird.base.kernel_source import KernelSource
from ironbird.base.source_line import SourceLine, author_line

WHAT_IT_IS = (
    "a kernel for ironbird's simulator: its source, to be compiled with a design; no object"
)


def described_source(source: KernelSource) -> dict[str, Any]:
    """A source as JSON holds it; paths are absolute."""
    return {
        "object_file": source.object_file,
        "path": None if source.path is None else str(source.path.resolve()),
        "text": source.text,
        "include_directories": [str(each.resolve()) for each in source.include_directories],
        "flags": list(source.flags),
        "at": None if source.at is None else [source.at.file, source.at.line],
    }


def source_of(described: dict[str, Any]) -> KernelSource:
    """What `described_source` wrote."""
    path, at = described["path"], described["at"]
    return KernelSource(
        object_file=described["object_file"],
        path=None if path is None else Path(path),
        text=described["text"],
        include_directories=tuple(map(Path, described["include_directories"])),
        flags=tuple(described["flags"]),
        at=None if at is None else SourceLine(*at),
    )


def write_object_file(path: Path, source: KernelSource) -> None:
    """Write the file of `source` to `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"what": WHAT_IT_IS, **described_source(source)}, indent=1))


def read_object_file(path: Path) -> KernelSource | None:
    """The source that an object file of ours names; None for any other file."""
    try:
        described = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(described, dict) or described.get("what") != WHAT_IT_IS:
        return None
    return source_of(described)


def named_object_file(path: Path) -> KernelSource:
    """The source that `path` names. Raises UsageError for a file that holds none."""
    source = read_object_file(path)
    if source is not None:
        return source
    if not path.is_file():
        raise UsageError(f"there is no object file {path}", at=author_line())
    raise UsageError(
        f"object file {path} cannot be simulated",
        at=author_line(),
        because="it holds the chip's machine code",
        fix="name the C++ it is made from in source_files",
    )
