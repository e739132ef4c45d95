"""Gets the built design of a plan: from the cache, or by building it into the cache.

Where the cache cannot be written, builds into a temporary directory and says so. An interrupted
build leaves nothing under any name.
"""

import errno
import json
import os
import shutil
import sys
import tempfile
import time
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from ironbird import simulator
from ironbird.base.errors import IronbirdError
from ironbird.base.kernel_source import KernelSource
from ironbird.plan import PhysicalPlan
from ironbird.session.cache import SHARED, Cache, checksum_of
from ironbird.session.progress import progress
from ironbird.session.recipe import recipe_key
from ironbird.simulator.compiler import Compiler
from ironbird.simulator.options import Numerics

# What an operating system says when a store is full, read-only, not ours, or not a folder.
_UNWRITABLE = {
    errno.EACCES,
    errno.EDQUOT,
    errno.EEXIST,
    errno.ENOENT,
    errno.ENOSPC,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
}

_ONLY_FOR_BUILDING = {".o", ".d", ".su"}


@dataclass(frozen=True)
class BuiltDesign:
    """A directory with `design.so` in it.

    recipe:    its name in the cache.
    cached:    whether it was there already.
    notes:     what the reader should know: a damaged entry, a cache that cannot be written.
    temporary: the uncached directory, which goes when the design does.
    """

    directory: Path
    recipe: str
    cached: bool
    build_seconds: float
    notes: tuple[str, ...] = ()
    temporary: "TemporaryFolder | None" = field(default=None, compare=False)


class TemporaryFolder:
    """A folder that is removed, without a warning, when nobody refers to this object any more."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="ironbird-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


def default_cache() -> Cache:
    """The store at `IRONBIRD_CACHE_HOME`, or where this system keeps caches."""
    home = os.environ.get("IRONBIRD_CACHE_HOME")
    return Cache(Path(home) if home else Path(platformdirs.user_cache_dir("ironbird")))


def built_design(
    plan: PhysicalPlan,
    sources: Sequence[KernelSource],
    compiler: Compiler,
    *,
    numerics: Numerics,
    title: str,
    use_cache: bool = True,
) -> BuiltDesign:
    """Find or build. Raises DesignError if a kernel does not compile or link."""
    recipe = recipe_key(plan, sources, compiler, numerics=numerics)
    build = _Build(plan, tuple(sources), compiler, numerics, title, recipe)
    if not use_cache:
        return build.uncached(())
    cache = default_cache()
    discarded: list[str] = []
    found = cache.find(recipe, discarded)
    notes = tuple(f"a damaged cache entry was rebuilt: {defect}" for defect in discarded)
    for note in notes:
        print(f"ironbird: {note}", file=sys.stderr)
    if found is not None:
        return BuiltDesign(found, recipe, cached=True, build_seconds=0.0, notes=notes)
    try:
        return build.into(cache, notes)
    except (OSError, IronbirdError) as failure:
        reason = _why_unwritable(failure)
        if reason is None:
            raise
    note = f"the cache {cache.root} cannot be written ({reason}); built in a temporary directory"
    print(f"ironbird: {note}", file=sys.stderr)
    return build.uncached((*notes, note))


@dataclass(frozen=True)
class _Build:
    """Everything one build needs."""

    plan: PhysicalPlan
    sources: tuple[KernelSource, ...]
    compiler: Compiler
    numerics: Numerics
    title: str
    recipe: str

    def into(self, cache: Cache, notes: tuple[str, ...]) -> BuiltDesign:
        """Build in the store's scratch and publish, unless a source changed while we read it."""
        with cache.scratch() as scratch:
            private = Path(scratch) / "entry"
            private.mkdir()
            began = time.time_ns()
            seconds = self._run(private, cache.root / SHARED)
            dependencies = _dependencies(private)
            changed = [path for path in dependencies if path.stat().st_mtime_ns >= began]
            if not changed:
                published = cache.publish(
                    self.recipe, private, title=self.title, dependencies=dependencies
                )
                return BuiltDesign(published, self.recipe, False, seconds, notes)
        return self.uncached((*notes, f"{changed[0]} changed during the build; it was not cached"))

    def uncached(self, notes: tuple[str, ...]) -> BuiltDesign:
        """Build in a temporary directory that lives as long as the result."""
        temporary = TemporaryFolder()
        seconds = self._run(temporary.path)
        return BuiltDesign(temporary.path, self.recipe, False, seconds, notes, temporary)

    def _run(self, directory: Path, shared_store: Path | None = None) -> float:
        began = time.perf_counter()
        with progress(f"compiling {self.title} with {self.compiler.version}"):
            simulator.build(
                self.plan,
                self.sources,
                directory,
                self.compiler,
                numerics=self.numerics,
                shared_store=shared_store,
            )
        for left_over in directory.iterdir():
            if left_over.suffix in _ONLY_FOR_BUILDING:
                left_over.unlink()
        return time.perf_counter() - began


def _dependencies(built: Path) -> dict[Path, str]:
    """Every file outside `built` that the compiler read, and its checksum."""
    named = json.loads((built / "dependencies.json").read_text(encoding="utf-8"))
    inside = built.resolve()
    paths = {Path(name).resolve() for names in named.values() for name in names}
    return {path: checksum_of(path) for path in sorted(paths) if inside not in path.parents}


def _why_unwritable(failure: Exception) -> str | None:
    """Why a store could not be written, or None if the failure is about something else."""
    if isinstance(failure, OSError):
        return os.strerror(failure.errno) if failure.errno in _UNWRITABLE else None
    full = os.strerror(errno.ENOSPC)
    return full if full in str(failure) else None
