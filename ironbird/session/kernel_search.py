"""Finds the C++ source of every object file that a plan's kernels are linked with.

Order: sources given with the program, then the directories named, then the program's own
directory, then `aie_kernels`. An object `NAME.o` is built from `NAME.cc`, `NAME.cpp` or `NAME`, or
from the sources in a directory that define its kernels. Refuses a kernel without a source by
telling every place looked at.
"""

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ironbird.base.errors import DesignError
from ironbird.base.kernel_source import KernelSource
from ironbird.plan import Kernel
from ironbird.session.kernel_names import (
    defines_function,
    renaming,
    source_names,
    without_hash,
)
from ironbird.session.object_file import read_object_file

_SOURCE_SUFFIXES = (".cc", ".cpp", ".cxx")


def find_kernel_sources(
    kernels: Sequence[Kernel],
    *,
    given: Sequence[KernelSource] = (),
    directories: Sequence[Path] = (),
    flags: Sequence[str] = (),
) -> tuple[KernelSource, ...]:
    """One source for each object file, in the order of `kernels`.

    given:       taken by their `object_file`; all of them where a kernel names no object file.
    directories: searched in order, before `aie_kernels`.
    flags:       the compile flags of every source found in a directory.
    Raises DesignError for a kernel whose source is nowhere.
    """
    search = _Search(tuple(given), _places(directories), tuple(directories), tuple(flags))
    found: dict[str, KernelSource] = {}
    for kernel in kernels:
        if kernel.object_file is None and given:
            found.update((source.object_file, source) for source in given)
        elif kernel.object_file is None:
            nameless = search.nameless(kernel)
            found[nameless.object_file] = nameless
        elif kernel.object_file not in found:
            sharing = [each for each in kernels if each.object_file == kernel.object_file]
            found[kernel.object_file] = search.source_of(kernel.object_file, sharing)
    return tuple(found.values())


def our_kernels() -> Path | None:
    """The folder of the package `aie_kernels`, without importing it."""
    spec = importlib.util.find_spec("aie_kernels")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


@dataclass(frozen=True)
class _Search:
    """Where one search looks. directories: the author's; places: those, then ours."""

    given: tuple[KernelSource, ...]
    places: tuple[Path, ...]
    directories: tuple[Path, ...]
    flags: tuple[str, ...]

    def source_of(self, object_file: str, kernels: Sequence[Kernel]) -> KernelSource:
        """The source of an object file that holds `kernels`."""
        source = (
            self._given(object_file)
            or self._named(object_file, kernels[0])
            or self._defining(object_file, kernels)
        )
        if source is None:
            raise self._missing(object_file, kernels[0])
        return _renamed(source, kernels)

    def nameless(self, kernel: Kernel) -> KernelSource:
        """The source of a kernel that names no object file: by its symbol, or by what it defines.

        Its object file is called after the source, so that kernels of one source share it.
        """
        source = self._named(f"{kernel.symbol}.o", kernel)
        source = source or self._defining(f"{kernel.symbol}.o", [kernel])
        if source is None:
            raise self._nameless(kernel)
        if source.path is not None:
            source = replace(source, object_file=f"{source.path.stem}.o")
        return source

    def _given(self, object_file: str) -> KernelSource | None:
        for name in dict.fromkeys((object_file, without_hash(object_file))):
            for source in self.given:
                if source.object_file == name:
                    return replace(source, object_file=object_file)
        return None

    def _named(self, object_file: str, kernel: Kernel) -> KernelSource | None:
        for place in self.places:
            made = read_object_file(place / object_file)
            if made is not None:
                return replace(made, object_file=object_file)
            for name in source_names(object_file):
                if (place / name).is_file():
                    return self._found(object_file, place / name, kernel)
        return None

    def _defining(self, object_file: str, kernels: Sequence[Kernel]) -> KernelSource | None:
        """The sources of the author's directories that define `kernels`, one for each of them."""
        paths: dict[Path, None] = {}
        for kernel in kernels:
            defining = self._sources_defining(kernel.symbol)
            if len(defining) > 1:
                raise DesignError(
                    f"kernel {kernel.symbol!r} is defined in {len(defining)} sources",
                    at=kernel.at,
                    because=f"{', '.join(map(str, defining))} define it, and none is named after "
                    f"{object_file!r}",
                    fix=f"call one of them {source_names(object_file)[0]}",
                )
            if not defining:
                return None
            paths[defining[0]] = None
        if len(paths) == 1:
            return self._found(object_file, next(iter(paths)), kernels[0])
        together = "".join(f'#include "{path.resolve()}"\n' for path in paths)
        return KernelSource(
            object_file=object_file, text=together, flags=self.flags, at=kernels[0].at
        )

    def _sources_defining(self, symbol: str) -> list[Path]:
        names = dict.fromkeys((symbol, without_hash(symbol)))
        return [
            path
            for directory in dict.fromkeys(self.directories)
            if directory.is_dir()
            for path in sorted(directory.iterdir())
            if path.suffix in _SOURCE_SUFFIXES
            and any(defines_function(_text_of(path), name) for name in names)
        ]

    def _found(self, object_file: str, path: Path, kernel: Kernel) -> KernelSource:
        return KernelSource(object_file=object_file, path=path, flags=self.flags, at=kernel.at)

    def _missing(self, object_file: str, kernel: Kernel) -> DesignError:
        names = source_names(object_file)
        return DesignError(
            f"kernel {kernel.symbol!r} is linked with {object_file!r}, and there is no source for "
            "it",
            at=kernel.at,
            because=f"looked for {', '.join(names)}, and for a definition of "
            f"{without_hash(kernel.symbol)!r}, in {self._looked_in()}",
            fix=f"put {names[0]} into one of them, or name its folder (--kernels DIR, "
            "search=[DIR])",
        )

    def _nameless(self, kernel: Kernel) -> DesignError:
        return DesignError(
            f"kernel {kernel.symbol!r} names no object file, and there is no source for it",
            at=kernel.at,
            because=f"looked for {', '.join(source_names(f'{kernel.symbol}.o'))}, and for a "
            f"definition of {kernel.symbol!r}, in {self._looked_in()}",
            fix=f'declare it with link_with = "{kernel.symbol}.o", and name the folder of its '
            "source (--kernels DIR, search=[DIR])",
        )

    def _looked_in(self) -> str:
        return ", ".join(map(str, self.places)) or "no folder: none was named"


def _renamed(source: KernelSource, kernels: Sequence[Kernel]) -> KernelSource:
    """`source` with the names that hashes were put before, where it lacks them."""
    text = source.text if source.text is not None else _text_of(source.path)
    found = [renaming(text, kernel.symbol) for kernel in kernels]
    renamings = list(dict.fromkeys(each for each in found if each is not None))
    aliases = "".join(each.alias for each in renamings)
    flags = (*source.flags, *(each.flag for each in renamings))
    if not aliases:
        return replace(source, flags=flags)
    whole = source.text if source.path is None else f'#include "{source.path.resolve()}"\n'
    return replace(source, path=None, text=f"{whole}{aliases}", flags=flags)


def _places(directories: Sequence[Path]) -> tuple[Path, ...]:
    """The directories in order, then ours; one that is named twice counts once."""
    ours = our_kernels()
    every = [*directories, *([ours] if ours is not None else [])]
    first = {place.resolve(): place for place in reversed(every)}
    return tuple(place for place in dict.fromkeys(every) if first[place.resolve()] is place)


def _text_of(path: Path | None) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path is not None else ""
