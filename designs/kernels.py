"""From contracts to what a design calls: IRON's array types and external functions."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from aie.iron import ExternalFunction

from aie_kernels.contract import KERNEL_DIRECTORY, Argument, KernelContract


def array_type(shape: int | Sequence[int], dtype: Any) -> Any:
    """IRON's way to write the type of a buffer: `np.ndarray[shape, np.dtype[dtype]]`."""
    sizes = (shape,) if isinstance(shape, int) else tuple(shape)
    return np.ndarray[sizes, np.dtype[np.dtype(dtype).type]]  # type: ignore[valid-type, misc]


def external(contract: KernelContract) -> Any:
    """The function of `contract`, for the arguments of a worker."""
    return ExternalFunction(
        contract.symbol,
        object_file_name=contract.object_file,
        source_file=str(contract.source_path),
        arg_types=[_argument_type(argument) for argument in contract.arguments],
        include_dirs=[str(KERNEL_DIRECTORY)],
        compile_flags=list(contract.flags),
    )


def _argument_type(argument: Argument) -> Any:
    if argument.shape == ():
        return argument.dtype.type
    return array_type(argument.shape, argument.dtype)
