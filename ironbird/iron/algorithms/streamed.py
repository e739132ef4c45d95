"""The design behind `transform` and its kin: tensors stream through cores, tile by tile.

Every core owns one contiguous share of each tensor; the tiles of a share go through two fifos at a
time. The function is a kernel, called on tiles, or a Python function, applied to each element.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from xdsl.dialects.builtin import ModuleOp

from ironbird.base.element_types import ElementType
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.algorithms.parameters import Parameters, acquired, release
from ironbird.iron.array_types import ArrayType, annotation_of
from ironbird.iron.controlflow import range_
from ironbird.iron.device import get_current_device
from ironbird.iron.kernel import BaseKernel
from ironbird.iron.kernels.library_kernel import LibraryKernel
from ironbird.iron.object_fifo import ObjectFifo
from ironbird.iron.program import Program
from ironbird.iron.runtime import Runtime
from ironbird.iron.taplib.pattern import TensorAccessPattern
from ironbird.iron.worker import Worker


@dataclass(frozen=True, kw_only=True)
class Streamed:
    """What is streamed, and through how many cores.

    inputs, output: whole tensors; the output is the only input where it is changed `in_place`.
    tile_elements: of a Python function's tiles; a kernel says its own.
    pass_size: a kernel that takes one argument more than there are values gets the tile's size.
    """

    algorithm: str
    func: Callable[..., Any]
    inputs: tuple[ArrayType, ...]
    output: ArrayType
    parameters: tuple[Any, ...] = ()
    tile_elements: int = 16
    cores: int = 1
    in_place: bool = False
    pass_size: bool = True

    def module(self) -> ModuleOp:
        """The program, resolved."""
        input_tiles, output_tile = self._tiles()
        rounds = self._rounds(input_tiles, output_tile)
        parameters = Parameters.of(self.parameters, self.algorithm)
        sources = [
            [ObjectFifo(annotation_of(tile), name=f"in{i}_{core}") for core in range(self.cores)]
            for i, tile in enumerate(input_tiles)
        ]
        results = [
            ObjectFifo(annotation_of(output_tile), name=f"out_{core}") for core in range(self.cores)
        ]
        extra = self._extra_arguments(len(parameters.values))

        def work(ins: Sequence[Any], out: Any, beside: Sequence[Any], func: Any) -> None:
            values = acquired(beside)
            for _ in range_(rounds):
                tiles = [each.acquire(1) for each in ins]
                written = out.acquire(1)
                self._apply(func, tiles, written, output_tile, [*values, *extra])
                for each in ins:
                    each.release(1)
                out.release(1)
            release(beside)

        work.__name__ = self.algorithm
        workers = [
            Worker(
                work,
                [
                    [fifos[core].cons() for fifos in sources],
                    results[core].prod(),
                    parameters.handles(),
                    self.func,
                ],
            )
            for core in range(self.cores)
        ]
        return Program(
            get_current_device(), self._runtime(sources, results, parameters), workers=workers
        ).resolve_program()

    def _runtime(
        self,
        sources: Sequence[Sequence[ObjectFifo]],
        results: Sequence[ObjectFifo],
        parameters: Parameters,
    ) -> Runtime:
        written = [] if self.in_place else [self.output]
        tensors = [*self.inputs, *written]
        beside = [fifo.obj_type for fifo in parameters.fifos]

        def sequence(*received: Any) -> None:
            moved, others = received[: len(tensors)], received[len(tensors) :]
            given, (ins, outs, fills) = others[: len(beside)], others[len(beside) :]
            for tensor, handle in zip(given, fills, strict=True):
                handle.fill(tensor)
            for core in range(self.cores):
                for tensor, handles in zip(moved, ins, strict=False):
                    handles[core].fill(tensor, tap=_share(tensor.shape, core, self.cores))
            for core, handle in enumerate(outs):
                handle.drain(moved[-1], tap=_share(moved[-1].shape, core, self.cores), wait=True)

        handles = [
            [[fifo.prod() for fifo in fifos] for fifos in sources],
            [fifo.cons() for fifo in results],
            [fifo.prod() for fifo in parameters.fifos],
        ]
        return Runtime(sequence, [*map(annotation_of, tensors), *beside, *handles])

    def _apply(
        self, func: Any, tiles: Sequence[Any], written: Any, tile: ArrayType, values: Sequence[Any]
    ) -> None:
        if isinstance(func, BaseKernel):
            func(*tiles, written, *values)
            return
        for position in range_(tile.element_count):
            written[position] = func(*(each[position] for each in tiles), *values)

    def _tiles(self) -> tuple[list[ArrayType], ArrayType]:
        if isinstance(self.func, BaseKernel):
            return self._tiles_of_kernel(self.func)
        if any(each.element is not self.output.element for each in self.inputs):
            raise DesignError(
                f"{self.algorithm} of {' and '.join(map(str, self.inputs))} into {self.output}",
                at=author_line(),
                because="a Python function gives elements of the type it takes",
                fix="tensors of one element type, or a kernel",
            )
        tile = ArrayType((self.tile_elements,), self.output.element)
        return [tile] * len(self.inputs), tile

    def _tiles_of_kernel(self, kernel: BaseKernel) -> tuple[list[ArrayType], ArrayType]:
        wanted = len(self.inputs) + 1
        tiles = kernel.arguments[:wanted]
        found = [each for each in tiles if isinstance(each, ArrayType)]
        if len(found) != wanted:
            raise DesignError(
                f"{self.algorithm} with kernel {kernel.name!r}",
                at=author_line(),
                because=f"its first {wanted} arguments must be tiles, inputs before the output; "
                f"it is {kernel.signature()}",
            )
        return list(found[:-1]), found[-1]

    def _rounds(self, input_tiles: Sequence[ArrayType], output_tile: ArrayType) -> int:
        """Tiles in a core's share of each tensor."""
        counts = [
            self._tiles_in(tensor, tile)
            for tensor, tile in zip(
                (*self.inputs, self.output), (*input_tiles, output_tile), strict=True
            )
        ]
        if len(set(counts)) > 1:
            raise DesignError(
                f"{self.algorithm} of tensors that are {' and '.join(map(str, counts))} tiles",
                at=author_line(),
                because="each call takes one tile of each",
                fix="tensors of equal size",
            )
        return counts[0] // self.cores

    def _tiles_in(self, tensor: ArrayType, tile: ArrayType) -> int:
        share = tile.element_count * self.cores
        if tensor.element is not tile.element or tensor.element_count % share:
            cores = f" for each of {self.cores} cores" if self.cores > 1 else ""
            raise DesignError(
                f"{self.algorithm} of {tensor} in tiles of {tile}",
                at=author_line(),
                because=f"{tensor.element_count} elements are not whole tiles of "
                f"{tile.element_count}{cores}"
                if tensor.element is tile.element
                else "their element types differ",
                fix="tile_size=, or tensors padded to whole tiles",
            )
        return tensor.element_count // tile.element_count

    def _extra_arguments(self, parameter_count: int) -> list[Any]:
        """The tile's size, for a kernel that has room for it after all else.

        A kernel of the library says what it counts; of any other the first tile's elements count.
        """
        if not (isinstance(self.func, BaseKernel) and self.pass_size):
            return []
        given = len(self.inputs) + 1 + parameter_count
        declared = self.func.arguments
        has_room = len(declared) == given + 1 and isinstance(declared[-1], ElementType)
        first = declared[0]
        if not (has_room and isinstance(first, ArrayType)):
            return []
        if isinstance(self.func, LibraryKernel):
            return [self.func.contract.params[-1].value]
        return [first.element_count]


def _share(shape: Sequence[int], core: int, cores: int) -> TensorAccessPattern:
    """The contiguous run of a tensor that one core owns."""
    count = 1
    for size in shape:
        count *= size
    return TensorAccessPattern((count,), core * (count // cores), [count // cores], [1])
