"""Devices by name, and a model laid out for one.

Nothing falls back: a device that is not here is refused, and where a model is computed is said.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ironbird.base.errors import ToolError, UsageError
from whisper_pipeline.host_ops import HostOps
from whisper_pipeline.ledger import Ledger
from whisper_pipeline.model import Whisper
from whisper_pipeline.model_files import load_checkpoint
from whisper_pipeline.npu_ops import NpuOps
from whisper_pipeline.ops import Ops


@dataclass(frozen=True)
class Device:
    """A place where a model can be computed.

    described: the place and its numbers, for people.
    ops:       the operations there, which tell a ledger.
    """

    described: str
    ops: Callable[[Ledger], Ops]


def _npu(ledger: Ledger) -> Ops:
    raise ToolError(
        "the NPU cannot be used by the pipeline yet",
        because="there is no way from here to its driver, and no result of another device "
        "stands in for one of the NPU",
        fix="--device simulator runs the same designs",
    )


HOST = Device(f"on the host in float32 (numpy {np.__version__})", HostOps)

DEVICES: Mapping[str, Device] = {
    "host": HOST,
    "cpu": HOST,
    "simulator": Device("on the simulator of npu1 in bf16, with fast numerics", NpuOps),
    "npu": Device("on the NPU", _npu),
}
"""`cpu` is openai-whisper's name for the host."""


def load_model(
    model: str | Path, *, folder: str | Path | None = None, device: str = "host"
) -> Whisper:
    """A model by path or published name, laid out for a device of `DEVICES`.

    folder: where models given by name lie.
    Raises UsageError for an unknown device or model, ToolError for a device that is not here.
    """
    if device not in DEVICES:
        raise UsageError(f"the device {device!r} is not known", fix=f"one of {', '.join(DEVICES)}")
    ledger = Ledger()
    ops = DEVICES[device].ops(ledger)
    with ledger.on_host("model", "reading", "layout"):
        return Whisper(load_checkpoint(model, folder=folder), ops)
