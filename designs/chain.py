"""Launches in turn over tensors that stay on the device, as one program.

    x --layer_norm--> normed --linear--> hidden --linear--> y

Each launch is a design of its own, a configuration of the whole array; an entry sequence loads one
after the other (IRON's `Program.compose`). So the host starts a chain once, what lies between
launches never leaves DDR, and everything that works for a design works for a chain. A launch reads
what another wrote exactly as it lies there: the designs agree on layouts, or a transfer's access
pattern makes them agree. Refuses launches that do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from aie.iron import Program, Runtime
from aie.iron.configuration import DeviceConfiguration
from aie.iron.device import NPU1


@dataclass(frozen=True)
class Launch:
    """One configuration of the array.

    program: a design's.
    tensors: the names of what its sequence takes, in order.
    """

    name: str
    program: Any
    tensors: tuple[str, ...]


def chain(tensors: Sequence[str], launches: Sequence[Launch]) -> Any:
    """The program whose arguments are `tensors`, in order.

    Raises ValueError for two launches of one name, for a tensor that two of them see differently,
    and if `tensors` are not those of the launches.
    """
    for number, launch in enumerate(launches):
        if launch.name in (other.name for other in launches[:number]):
            raise ValueError(f"two launches are called {launch.name}")
    types = _types(launches)
    if sorted(types) != sorted(tensors):
        raise ValueError(
            f"a chain of the tensors {', '.join(tensors)}; its launches take {', '.join(types)}"
        )
    configurations = [
        DeviceConfiguration(
            launch.name, NPU1(), workers=launch.program.workers, runtimes=[launch.program.runtime]
        )
        for launch in launches
    ]

    def entry(*arguments: Any) -> None:
        by_name = dict(zip(tensors, arguments, strict=True))
        for launch in launches:
            launch.program.runtime.call(*(by_name[name] for name in launch.tensors))

    return Program.compose(configurations, entry=Runtime(entry, [types[name] for name in tensors]))


def _types(launches: Sequence[Launch]) -> dict[str, Any]:
    """Of every tensor, in the order of first use."""
    types: dict[str, Any] = {}
    users: dict[str, str] = {}
    for launch in launches:
        taken = launch.program.runtime.fn_args[: len(launch.tensors)]
        for name, type_ in zip(launch.tensors, taken, strict=True):
            if types.setdefault(name, type_) != type_:
                raise ValueError(
                    f"{users[name]} takes {name!r} as {_shown(types[name])}, {launch.name} as "
                    f"{_shown(type_)}"
                )
            users.setdefault(name, launch.name)
    return types


def _shown(array_type: Any) -> str:
    """`[64, 64] bfloat16`."""
    shape, dtype = get_args(array_type)
    return f"{list(shape)} {np.dtype(get_args(dtype)[0])}"
