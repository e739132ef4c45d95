"""Upstream's classes of tensors, each over the one memory there is here."""

from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from ironbird.base.errors import UsageError
from ironbird.base.source_line import author_line
from ironbird.iron.tensor import NpuTensor


class XRTTensor(NpuTensor):
    """What programs construct for XRT. flags, group_id: a driver's; without effect here."""

    def __init__(
        self,
        shape_or_data: Any,
        dtype: npt.DTypeLike | None = None,
        device: str = "npu",
        flags: Any = None,
        group_id: int = 0,
    ) -> None:
        super().__init__(shape_or_data, dtype, device)
        self.flags = flags
        self.group_id = group_id

    def buffer_object(self) -> NoReturn:
        """Refused: no driver holds the tensor."""
        raise UsageError(
            "this tensor has no buffer object of XRT",
            at=author_line(),
            because="the embedded runtime simulates, in numpy's memory",
            fix="tensor.numpy()",
        )


class CPUOnlyTensor(NpuTensor):
    """A tensor said to be on the host."""

    def __init__(
        self, shape_or_data: Any, dtype: npt.DTypeLike | None = np.uint32, device: str = "cpu"
    ) -> None:
        plain = isinstance(shape_or_data, np.ndarray | NpuTensor)
        super().__init__(shape_or_data, None if plain else dtype, device)
