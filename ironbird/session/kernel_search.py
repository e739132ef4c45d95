"""Finds the C++ source of every object file that a plan's kernels are linked with.

Order: sources given with the program, then the directories named, then the program's own
directory, then `aie_kernels`. An object `NAME.o` is built from `NAME.cc`, `NAME.cpp` or `NAME`.
Refuses a kernel without a source by telling every place looked at.
"""

import importlib.util
from collections.abc import Sequence
from pathlib import Path

from ironbird.base.errors import DesignError
from ironbird.base.kernel_source import KernelSource
from ironbird.plan import Kernel


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
    by_object = {source.object_file: source for source in given}
    found: dict[str, KernelSource] = {}
    for kernel in kernels:
        if kernel.object_file is None:
            if not given:
                raise _nameless(kernel)
            found.update((source.object_file, source) for source in given)
        elif kernel.object_file in by_object:
            found[kernel.object_file] = by_object[kernel.object_file]
        elif kernel.object_file not in found:
            found[kernel.object_file] = _search(kernel, kernel.object_file, directories, flags)
    return tuple(found.values())


def our_kernels() -> Path | None:
    """The folder of the package `aie_kernels`, without importing it."""
    spec = importlib.util.find_spec("aie_kernels")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def _search(
    kernel: Kernel, object_file: str, directories: Sequence[Path], flags: Sequence[str]
) -> KernelSource:
    ours = our_kernels()
    places = [*directories, *([ours] if ours is not None else [])]
    names = _source_names(object_file)
    for place in dict.fromkeys(places):
        for name in names:
            path = place / name
            if path.is_file():
                return KernelSource(
                    object_file=object_file, path=path, flags=tuple(flags), at=kernel.at
                )
    raise DesignError(
        f"kernel {kernel.symbol!r} is linked with {object_file!r}, and there is no source for it",
        at=kernel.at,
        because=f"looked for {', '.join(names)} in {', '.join(map(str, dict.fromkeys(places)))}",
        fix=f"put {names[0]} into one of them, or name its folder (--kernels DIR, search=[DIR])",
    )


def _source_names(object_file: str) -> tuple[str, ...]:
    """`scale.o` may come from scale.cc, scale.cpp, or a file that is called scale."""
    path = Path(object_file)
    stem = path.name.removesuffix(path.suffix) if path.suffix in (".o", ".a") else path.name
    return f"{stem}.cc", f"{stem}.cpp", stem


def _nameless(kernel: Kernel) -> DesignError:
    return DesignError(
        f"kernel {kernel.symbol!r} names no object file, and no source was given",
        at=kernel.at,
        because="only link_with, or a source given with the program, says where its C++ is",
        fix=f'declare it with link_with = "{kernel.symbol}.o"',
    )
