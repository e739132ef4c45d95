"""A content-addressed store of built designs: an entry is named by everything that made it.

    <root>/<recipe>/<headers>/    design.so ... manifest.json

`recipe` names what is known before building (plan, sources, flags, compiler, emitter); `headers`
names the content of every file the compiler read. An entry appears whole, by one rename, and is
checked against its manifest each time it is served; a torn or edited one is discarded.
"""

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"

# A scratch directory older than this belongs to no living build; its process was killed.
ABANDONED_SECONDS = 3600

_BUILDING = ".building-"

# Beside the recipes: objects that the simulator keeps for many designs (its runtime, kernels). It
# verifies and rebuilds them by itself.
SHARED = ".runtime"

# Beside the recipes: designs that were compiled to no path of the caller's (`jit`).
COMPILED = ".compiled"


def cache_key(inputs: Mapping[str, bytes]) -> str:
    """The name of whatever is built from exactly `inputs`. Fields are length-prefixed."""
    digest = hashlib.sha256()
    for label, content in sorted(inputs.items()):
        for field in (label.encode(), content):
            digest.update(len(field).to_bytes(8, "big") + field)
    return digest.hexdigest()


@dataclass(frozen=True)
class Entry:
    """One built design in the store.

    title:  what was built, for people.
    built:  seconds since the epoch.
    defect: why it cannot be served, or None.
    """

    directory: Path
    title: str
    byte_count: int
    built: float
    defect: str | None

    @property
    def name(self) -> str:
        """`recipe/headers`, shortened as git shortens."""
        return f"{self.directory.parent.name[:12]}/{self.directory.name[:12]}"


@dataclass(frozen=True)
class Cache:
    """The store below `root`."""

    root: Path

    def find(self, recipe: str, discarded: list[str] | None = None) -> Path | None:
        """The directory of the entry made by `recipe` from the headers as they are now, or None.

        A damaged entry is removed, and why is appended to `discarded`.
        """
        for directory in self._entries_of(self.root / recipe):
            defect = why_not_served(directory)
            if defect is not None:
                _remove(directory)
                if discarded is not None:
                    discarded.append(defect)
            elif _headers_unchanged(directory):
                return directory
        return None

    def scratch(self) -> tempfile.TemporaryDirectory[str]:
        """A private directory on the store's file system, gone when closed. Raises OSError."""
        self.root.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(
            dir=self.root, prefix=_BUILDING, ignore_cleanup_errors=True
        )

    def publish(
        self, recipe: str, built: Path, *, title: str, dependencies: Mapping[Path, str]
    ) -> Path:
        """Seal `built` and make it the entry of its inputs; one of two racers wins.

        dependencies: every file the compiler read, and the SHA-256 of its content.
        """
        seal(built, title=title, dependencies=dependencies)
        headers = cache_key(
            {str(path): checksum.encode() for path, checksum in dependencies.items()}
        )
        entry = self.root / recipe / headers
        entry.parent.mkdir(parents=True, exist_ok=True)
        try:
            built.rename(entry)
        except OSError:
            if not (entry / MANIFEST).is_file():
                raise
        return entry

    def entries(self) -> tuple[Entry, ...]:
        """Every entry, oldest first, each one verified."""
        found = [
            _describe(directory)
            for recipe in self._recipes()
            for directory in self._entries_of(recipe)
        ]
        return tuple(sorted(found, key=lambda entry: (entry.built, entry.name)))

    def prune(
        self, *, max_age_seconds: float | None = None, max_bytes: int | None = None
    ) -> tuple[Entry, ...]:
        """Remove entries, and what killed builds left. Returns the entries removed.

        Damaged ones go, those older than `max_age_seconds`, then the oldest until the rest fits
        `max_bytes`.
        """
        removed: list[Entry] = []
        kept: list[Entry] = []
        now = time.time()
        for entry in self.entries():
            too_old = max_age_seconds is not None and now - entry.built > max_age_seconds
            (removed if too_old or entry.defect is not None else kept).append(entry)
        while max_bytes is not None and sum(entry.byte_count for entry in kept) > max_bytes:
            removed.append(kept.pop(0))
        for entry in removed:
            _remove(entry.directory)
        for abandoned in self.abandoned():
            _remove(abandoned)
        if max_age_seconds is not None:
            for shared in (*self.root.glob(f"{SHARED}/*"), *self.root.glob(f"{COMPILED}/*")):
                if now - shared.stat().st_mtime > max_age_seconds:
                    _remove(shared) if shared.is_dir() else shared.unlink()
        return tuple(removed)

    def abandoned(self) -> tuple[Path, ...]:
        """Scratch directories of builds that were killed."""
        if not self.root.is_dir():
            return ()
        oldest_living = time.time() - ABANDONED_SECONDS
        return tuple(
            path
            for path in sorted(self.root.glob(f"{_BUILDING}*"))
            if path.stat().st_mtime < oldest_living
        )

    def _recipes(self) -> Iterator[Path]:
        if self.root.is_dir():
            yield from sorted(
                path for path in self.root.iterdir() if path.is_dir() and path.name[0] != "."
            )

    def _entries_of(self, recipe: Path) -> Iterator[Path]:
        if recipe.is_dir():
            yield from sorted(path for path in recipe.iterdir() if path.name[0] != ".")


def seal(directory: Path, *, title: str, dependencies: Mapping[Path, str]) -> None:
    """Write the manifest of everything in `directory`."""
    manifest = {
        "title": title,
        "built": time.time(),
        "files": {
            path.relative_to(directory).as_posix(): checksum_of(path)
            for path in sorted(directory.rglob("*"))
            if path.is_file()
        },
        "dependencies": {str(path): checksum for path, checksum in dependencies.items()},
    }
    manifest["checksum"] = _manifest_checksum(manifest)
    (directory / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def why_not_served(directory: Path) -> str | None:
    """The first way in which an entry differs from what was sealed, or None if it is whole."""
    manifest = _read_manifest(directory)
    if manifest is None:
        return f"{MANIFEST} is missing or unreadable"
    if manifest.get("checksum") != _manifest_checksum(manifest):
        return f"{MANIFEST} was changed"
    present = {
        path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()
    }
    for name, checksum in manifest["files"].items():
        if name not in present:
            return f"{name} is missing"
        if checksum_of(directory / name) != checksum:
            return f"{name} was changed"
    strangers = sorted(present - set(manifest["files"]) - {MANIFEST})
    if strangers:
        return f"{strangers[0]} does not belong to it"
    return None


def checksum_of(path: Path) -> str:
    """The SHA-256 of a file's content."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _headers_unchanged(directory: Path) -> bool:
    manifest = _read_manifest(directory)
    if manifest is None:
        return False
    for name, checksum in manifest["dependencies"].items():
        try:
            if checksum_of(Path(name)) != checksum:
                return False
        except OSError:
            return False
    return True


def _describe(directory: Path) -> Entry:
    manifest = _read_manifest(directory) or {}
    return Entry(
        directory=directory,
        title=str(manifest.get("title", "?")),
        byte_count=sum(path.stat().st_size for path in directory.rglob("*") if path.is_file()),
        built=float(manifest.get("built", directory.stat().st_mtime)),
        defect=why_not_served(directory),
    )


def _read_manifest(directory: Path) -> dict[str, Any] | None:
    try:
        manifest = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(manifest, dict):
        return None
    if not all(isinstance(manifest.get(part), dict) for part in ("files", "dependencies")):
        return None
    return manifest


def _manifest_checksum(manifest: Mapping[str, Any]) -> str:
    sealed = {name: value for name, value in manifest.items() if name != "checksum"}
    return hashlib.sha256(json.dumps(sealed, sort_keys=True).encode()).hexdigest()


def _remove(directory: Path) -> None:
    """Take an entry away at once: renamed out of sight first, so that no reader sees half of it."""
    grave = directory.with_name(f".removed-{directory.name}-{time.monotonic_ns()}")
    try:
        directory.rename(grave)
    except OSError:
        grave = directory
    shutil.rmtree(grave, ignore_errors=True)
