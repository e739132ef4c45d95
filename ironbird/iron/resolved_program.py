"""A module and where the C++ of its kernels comes from, which the module has no room for."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

from xdsl.dialects.builtin import ModuleOp

from ironbird.base.errors import DesignError
from ironbird.base.kernel_source import KernelSource
from ironbird.iron.kernel import BaseKernel, ExternalFunction


@dataclass(frozen=True)
class ResolvedProgram:
    """A module, and where the C++ of its kernels comes from.

    search_directories: folders of the author's files, where sources of bare `Kernel`s may lie.
    """

    module: ModuleOp
    kernel_sources: tuple[KernelSource, ...]
    search_directories: tuple[Path, ...]

    @classmethod
    def of(cls, module: ModuleOp, kernels: Iterable[BaseKernel]) -> "ResolvedProgram":
        """A module whose cores call `kernels`. Refuses two sources for one object file."""
        called = list(kernels)
        return cls(module, _sources(called), _folders(called))


# Forgotten with the module.
_KERNELS_OF: WeakKeyDictionary[ModuleOp, dict[tuple[str, ...], BaseKernel]] = WeakKeyDictionary()


def remember_kernels(module: ModuleOp, kernels: Iterable[BaseKernel]) -> None:
    """Keep the kernels that the cores of a module call, for `resolved_program_of`.

    Configurations may each link another object file under the same symbol.
    """
    known = _KERNELS_OF.setdefault(module, {})
    known.update(((kernel.name, *kernel.link_attributes().values()), kernel) for kernel in kernels)


def resolved_program_of(module: ModuleOp) -> ResolvedProgram:
    """A module with its kernels' sources; with none for a module that was read from text."""
    return ResolvedProgram.of(module, _KERNELS_OF.get(module, {}).values())


def _sources(kernels: Iterable[BaseKernel]) -> tuple[KernelSource, ...]:
    """The sources of the kernels that cores call, one for each object file."""
    by_object: dict[str, ExternalFunction] = {}
    for kernel in kernels:
        if not isinstance(kernel, ExternalFunction):
            continue
        other = by_object.setdefault(kernel.object_file_name, kernel)
        if other.source != kernel.source:
            raise DesignError(
                f"two sources are compiled into {kernel.object_file_name!r}",
                at=kernel.created_at,
                because=f"{other.name!r} at {other.created_at} has another source",
                fix="object_file_name=",
            )
    return tuple(kernel.source for kernel in by_object.values())


def _folders(kernels: Iterable[BaseKernel]) -> tuple[Path, ...]:
    files = [kernel.created_at.file for kernel in kernels]
    return tuple(dict.fromkeys(Path(file).resolve().parent for file in files))
