"""Object files of kernels that are compiled once, for every design that links them.

An object is named by what is known before it is compiled: compiler, flags, folders, source. Beside
it lies its seal: what the compiler reported, and the checksums of the object and of every file
that the compilation read. One whose seal does not hold is compiled anew. Not an entry of the cache
of built designs, which are whole: the parts of a design are shared and never loaded.
"""

import dataclasses
import functools
import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ironbird.base.source_line import SourceLine
from ironbird.simulator.compiler import Compiler, ObjectReport, StackFrame


@dataclass(frozen=True)
class KeptObjects:
    """The objects in the folder `store`."""

    store: Path

    def compile_object(
        self,
        compiler: Compiler,
        source: Path,
        object: Path,
        flags: Sequence[str],
        include_directories: Sequence[Path],
        *,
        at: SourceLine | None = None,
    ) -> ObjectReport:
        """As `Compiler.compile_object`; a copy of the kept object where there is one.

        A source or header that changes meanwhile is compiled as read, and not kept. Raises
        DesignError if the source does not compile, OSError if the store cannot be written.
        """
        source = source.resolve()
        kept = self.store / f"{_name(compiler, source, flags, include_directories)}.o"
        report = _sealed_report(kept)
        if report is not None:
            shutil.copyfile(kept, object)
            return report
        began = time.time_ns()
        report = compiler.compile_object(source, object, flags, include_directories, at=at)
        if all(path.stat().st_mtime_ns < began for path in report.dependencies):
            self._keep(kept, object, report)
        return report

    def _keep(self, kept: Path, object: Path, report: ObjectReport) -> None:
        """Object first: one without its seal is not there."""
        self.store.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".building-", dir=self.store) as scratch:
            private, seal = Path(scratch) / "object", Path(scratch) / "seal"
            shutil.copyfile(object, private)
            seal.write_text(
                json.dumps(
                    {
                        "object": _checksum(private),
                        "dependencies": {str(p): _checksum_now(p) for p in report.dependencies},
                        "stack_frames": [dataclasses.asdict(f) for f in report.stack_frames],
                    },
                    indent=1,
                ),
                encoding="utf-8",
            )
            private.replace(kept)
            seal.replace(_seal_of(kept))


def _name(
    compiler: Compiler, source: Path, flags: Sequence[str], include_directories: Sequence[Path]
) -> str:
    """The source's place takes part: what it includes, and what the compiler reports, has it."""
    digest = hashlib.sha256()
    groups = (
        (compiler.identity, str(source), source.read_text(encoding="utf-8", errors="replace")),
        tuple(flags),
        tuple(str(directory.resolve()) for directory in include_directories),
    )
    for group in groups:
        digest.update(len(group).to_bytes(8, "big"))
        for part in group:
            digest.update(len(part.encode()).to_bytes(8, "big") + part.encode())
    return f"kernel-{digest.hexdigest()[:32]}"


def _sealed_report(kept: Path) -> ObjectReport | None:
    """What the compiler reported of `kept`, or None unless it and all that made it are there."""
    try:
        seal: dict[str, Any] = json.loads(_seal_of(kept).read_text(encoding="utf-8"))
        if seal["object"] != _checksum(kept):
            return None
        for name, checksum in seal["dependencies"].items():
            if _checksum_now(Path(name)) != checksum:
                return None
        frames = tuple(StackFrame(**frame) for frame in seal["stack_frames"])
        return ObjectReport(tuple(map(Path, seal["dependencies"])), frames)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _seal_of(kept: Path) -> Path:
    return kept.with_suffix(".json")


def _checksum_now(path: Path) -> str:
    """Of a header's content; headers are read once as long as they keep time and length."""
    status = path.stat()
    return _checksum_of_version(path, status.st_mtime_ns, status.st_size)


@functools.cache
def _checksum_of_version(path: Path, modified_ns: int, byte_count: int) -> str:
    return _checksum(path)


def _checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
