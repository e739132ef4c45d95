"""Everything known before building that decides what is built, and its name in the cache.

What is only known after building, the headers, is the cache's second level (`cache.py`).
"""

import functools
import hashlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path

from ironbird.base.kernel_source import KernelSource
from ironbird.plan import PhysicalPlan, fingerprint
from ironbird.session.cache import cache_key
from ironbird.simulator.compiler import Compiler


def recipe_key(
    plan: PhysicalPlan, sources: Sequence[KernelSource], compiler: Compiler, *, numerics: str
) -> str:
    """The cache's name for what these make; source lines and comments of the design take no part.

    Raises OSError if a source cannot be read.
    """
    return cache_key(
        {
            "plan": fingerprint(plan).encode(),
            "numerics": numerics.encode(),
            "compiler": compiler.identity.encode(),
            "emitter": emitter_version().encode(),
            **{
                f"source {number}": _source_key(source).encode()
                for number, source in enumerate(sources)
            },
        }
    )


def emitter_version() -> str:
    """The simulator's sources: what emits C++, its flags, and what it includes."""
    return source_version("ironbird.simulator")


@functools.cache
def source_version(package: str) -> str:
    """The hash of every source file of a package of ours, by name and content."""
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    root = Path(next(iter(spec.submodule_search_locations)))
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _source_key(source: KernelSource) -> str:
    """A source's place is part of it: what `#include "x.h"` means depends on the folder."""
    content = source.path.read_bytes() if source.path is not None else (source.text or "").encode()
    return cache_key(
        {
            "object file": source.object_file.encode(),
            "place": str(source.path.resolve() if source.path is not None else "").encode(),
            "content": content,
            "include directories": "\0".join(
                str(directory.resolve()) for directory in source.include_directories
            ).encode(),
            "flags": "\0".join(source.flags).encode(),
        }
    )
