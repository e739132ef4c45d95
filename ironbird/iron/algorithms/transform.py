"""Apply a function to every tile of tensors: into another one, or in place.

Each takes types (`transform(func, tensor_type, *parameters)`, IRON 1.4) or tensors
(`transform(func, input, output, *parameters)`, April 2026). With types, inputs and output are of
the one type given.
"""

from collections.abc import Callable
from typing import Any

from xdsl.dialects.builtin import ModuleOp

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.algorithms.parameters import array_of, is_tensor
from ironbird.iron.algorithms.streamed import Streamed
from ironbird.iron.device import get_current_device

Function = Callable[..., Any]


def transform(func: Function, tensor: Any, *params: Any, tile_size: int = 16) -> ModuleOp:
    """`output[i] = func(input[i])` on one core."""
    return _streamed("transform", func, (tensor, *params), 1, tile_size).module()


def transform_binary(func: Function, tensor: Any, *params: Any, tile_size: int = 16) -> ModuleOp:
    """`output[i] = func(first[i], second[i])` on one core."""
    return _streamed("transform_binary", func, (tensor, *params), 2, tile_size).module()


def transform_parallel(
    func: Function,
    tensor: Any,
    *params: Any,
    tile_size: int = 16,
    num_channels: int = 1,
    pass_size_to_kernel: bool = True,
) -> ModuleOp:
    """As `transform`, on `num_channels` cores of each column of the current device."""
    cores = _parallel_cores("transform_parallel", num_channels, inputs=1)
    return _streamed(
        "transform_parallel", func, (tensor, *params), 1, tile_size, cores, pass_size_to_kernel
    ).module()


def transform_parallel_binary(
    func: Function,
    tensor: Any,
    *params: Any,
    tile_size: int = 16,
    num_channels: int = 1,
    pass_size_to_kernel: bool = True,
) -> ModuleOp:
    """As `transform_binary`, on one core of each column of the current device."""
    cores = _parallel_cores("transform_parallel_binary", num_channels, inputs=2)
    return _streamed(
        "transform_parallel_binary",
        func,
        (tensor, *params),
        2,
        tile_size,
        cores,
        pass_size_to_kernel,
    ).module()


def for_each(func: Function, tensor: Any, *params: Any, tile_size: int = 16) -> ModuleOp:
    """`tensor[i] = func(tensor[i])` on one core. A kernel is given the tile twice: old and new."""
    array = array_of(tensor, "for_each")
    return Streamed(
        algorithm="for_each",
        func=func,
        inputs=(array,),
        output=array,
        parameters=params,
        tile_elements=tile_size,
        in_place=True,
    ).module()


def _streamed(
    algorithm: str,
    func: Function,
    given: tuple[Any, ...],
    inputs: int,
    tile_size: int,
    cores: int = 1,
    pass_size: bool = True,
) -> Streamed:
    """Tensors are inputs, then the output; a type alone stands for all of them."""
    leading = given[: inputs + 1]
    if len(leading) == inputs + 1 and all(map(is_tensor, leading)):
        tensors = [array_of(each, algorithm) for each in leading]
        params = given[inputs + 1 :]
    else:
        tensors = [array_of(given[0], algorithm)] * (inputs + 1)
        params = given[1:]
    return Streamed(
        algorithm=algorithm,
        func=func,
        inputs=tuple(tensors[:-1]),
        output=tensors[-1],
        parameters=params,
        tile_elements=tile_size,
        cores=cores,
        pass_size=pass_size,
    )


def _parallel_cores(algorithm: str, num_channels: int, *, inputs: int) -> int:
    """A shim tile has two channels each way, and every core needs one for each of its tensors."""
    device = get_current_device()
    most = 2 // inputs
    if not 1 <= num_channels <= most:
        raise DesignError(
            f"{algorithm}(num_channels={num_channels})",
            at=author_line(),
            because=f"the shim tile of a column feeds {most} core{'s' * (most > 1)} "
            f"with {inputs} input{'s' * (inputs > 1)} each",
            fix=f"num_channels={most}",
        )
    return device.cols * num_channels
