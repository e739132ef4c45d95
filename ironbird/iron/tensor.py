"""Tensors that programs are called with: numpy arrays, aligned as the host buffers of an NPU are.

`NpuTensor` behaves like an array towards numpy and keeps the methods that IRON's tensors have.
There is one memory here, so moving between `cpu` and `npu` changes the label and nothing else.
"""

import math
from collections.abc import Sequence
from typing import Any, Self, TypeVar

import numpy as np
import numpy.typing as npt

from ironbird.base.element_types import ELEMENT_TYPES
from ironbird.base.errors import UsageError
from ironbird.base.source_line import author_line
from ironbird.iron.array_types import scalar_type

ALIGNMENT_BYTES = 64
DEVICES = ("cpu", "npu")


def aligned_empty(shape: Sequence[int], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """An uninitialised array whose first byte lies on a multiple of 64."""
    wanted = np.dtype(dtype)
    size_bytes = math.prod(shape) * wanted.itemsize
    raw = np.empty(size_bytes + ALIGNMENT_BYTES, dtype=np.uint8)
    start = -raw.ctypes.data % ALIGNMENT_BYTES
    return raw[start : start + size_bytes].view(wanted).reshape(shape)


class NpuTensor:
    """A dense array of `shape` and `dtype` on `device`, 64-byte aligned.

    Made from a shape (zeros) or from values (copied).
    """

    def __init__(
        self,
        shape_or_data: int | Sequence[int] | npt.ArrayLike,
        dtype: npt.DTypeLike | None = None,
        device: str | None = "npu",
    ) -> None:
        shape = _as_shape(shape_or_data)
        if shape is not None:
            self._data = aligned_empty(shape, _checked_dtype(dtype or np.uint32))
            self._data[...] = 0
        else:
            values = np.asarray(shape_or_data)
            if dtype is not None and isinstance(shape_or_data, np.ndarray | NpuTensor):
                _refuse_other_dtype(values.dtype, np.dtype(dtype))
            self._data = aligned_empty(values.shape, _checked_dtype(dtype or values.dtype))
            self._data[...] = values
        self._device = _checked_device(device)

    @classmethod
    def over(cls, array: npt.NDArray[Any], device: str | None = None) -> Self:
        """A tensor that shares the memory of `array`."""
        made = cls.__new__(cls)
        made._data = array
        made._device = _checked_device(device)
        return made

    @property
    def data(self) -> npt.NDArray[Any]:
        """The array itself; writing it writes the tensor."""
        return self._data

    @property
    def shape(self) -> tuple[int, ...]:
        """Elements along each axis."""
        return self._data.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of one element."""
        return self._data.dtype

    @property
    def device(self) -> str:
        """`cpu` or `npu`."""
        return self._device

    @property
    def nbytes(self) -> int:
        """Size, bytes."""
        return self._data.nbytes

    def element_size(self) -> int:
        """Size of one element, bytes."""
        return self._data.itemsize

    def numel(self) -> int:
        """How many elements the tensor has."""
        return self._data.size

    def to(self, target_device: str) -> Self:
        """The same tensor, said to be on `target_device`."""
        self._device = _checked_device(target_device)
        return self

    def numpy(self) -> npt.NDArray[Any]:
        """The array itself."""
        return self._data

    def fill_(self, value: Any) -> Self:
        """Set every element."""
        self._data[...] = value
        return self

    def subview(
        self, offset: int, shape: Sequence[int], dtype: npt.DTypeLike | None = None
    ) -> "NpuTensor":
        """A tensor over the same memory, from element `offset` on; starts on 64 bytes."""
        wanted = _checked_dtype(dtype or self.dtype)
        start_bytes = offset * self.element_size()
        size_bytes = math.prod(shape) * wanted.itemsize
        if start_bytes % ALIGNMENT_BYTES:
            raise UsageError(
                f"a subview cannot start at element {offset}",
                at=author_line(),
                because=f"byte {start_bytes} is not a multiple of {ALIGNMENT_BYTES}",
            )
        if offset < 0 or start_bytes + size_bytes > self.nbytes:
            raise UsageError(
                f"a subview of {size_bytes} bytes from byte {start_bytes} leaves the tensor",
                at=author_line(),
                because=f"the tensor has {self.nbytes} bytes",
            )
        raw = self._data.reshape(-1).view(np.uint8)[start_bytes : start_bytes + size_bytes]
        return NpuTensor.over(raw.view(wanted).reshape(shape), self._device)

    def to_torch(self) -> Any:
        """A copy as a torch tensor."""
        return self.torch_view().clone()

    def torch_view(self) -> Any:
        """A torch tensor over the same memory."""
        torch = _torch()
        if self.dtype.name == "bfloat16":
            return torch.from_numpy(self._data.view(np.uint16)).view(torch.bfloat16)
        return torch.from_numpy(self._data)

    @classmethod
    def from_torch(cls, torch_tensor: Any, device: str | None = None, **kwargs: Any) -> Self:
        """A copy of a torch tensor."""
        torch = _torch()
        on_host = torch_tensor.detach().cpu().contiguous()
        if on_host.dtype == torch.bfloat16:
            bits = on_host.view(torch.uint16).numpy()
            return cls(bits.view(ELEMENT_TYPES["bf16"].dtype), device=device or "npu", **kwargs)
        return cls(on_host.numpy(), device=device or "npu", **kwargs)

    def __array__(
        self, dtype: npt.DTypeLike | None = None, copy: bool | None = None
    ) -> npt.NDArray[Any]:
        if dtype is None or np.dtype(dtype) == self.dtype:
            return self._data.copy() if copy else self._data
        return self._data.astype(dtype)

    def __getitem__(self, index: Any) -> Any:
        return self._data[index]

    def __setitem__(self, index: Any, value: Any) -> None:
        self._data[index] = value

    def __len__(self) -> int:
        return len(self._data)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._data!r}, device={self._device!r})"

    @classmethod
    def full(
        cls,
        size: int | Sequence[int],
        fill_value: Any,
        *,
        dtype: npt.DTypeLike | None = None,
        device: str | None = None,
        **kwargs: Any,
    ) -> Self:
        """A tensor of one value."""
        shape = (size,) if isinstance(size, int) else tuple(size)
        wanted = dtype if dtype is not None else np.asarray(fill_value).dtype
        return cls(shape, wanted, device, **kwargs).fill_(fill_value)

    @classmethod
    def zeros(
        cls,
        *size: int | Sequence[int],
        out: Self | None = None,
        dtype: npt.DTypeLike | None = None,
        device: str | None = None,
        **kwargs: Any,
    ) -> Self:
        """A tensor of zeros, float32 unless said otherwise."""
        return cls._filled(0, size, out, dtype, device, kwargs)

    @classmethod
    def ones(
        cls,
        *size: int | Sequence[int],
        out: Self | None = None,
        dtype: npt.DTypeLike | None = None,
        device: str | None = None,
        **kwargs: Any,
    ) -> Self:
        """A tensor of ones, float32 unless said otherwise."""
        return cls._filled(1, size, out, dtype, device, kwargs)

    @classmethod
    def zeros_like(
        cls,
        other: "NpuTensor | npt.NDArray[Any]",
        dtype: npt.DTypeLike | None = None,
        device: str | None = None,
        **kwargs: Any,
    ) -> Self:
        """A tensor of zeros in the shape and, unless said otherwise, the dtype of `other`."""
        wanted = dtype if dtype is not None else other.dtype
        return cls(other.shape, wanted, device, **kwargs)

    @classmethod
    def rand(
        cls,
        *size: int | Sequence[int],
        out: Self | None = None,
        dtype: npt.DTypeLike | None = None,
        device: str | None = None,
        **kwargs: Any,
    ) -> Self:
        """A tensor of uniform numbers in [0, 1), float32 unless said otherwise."""
        made = cls._filled(0, size, out, dtype, device, kwargs)
        made.data[...] = np.random.default_rng().random(made.shape, dtype=np.float32)
        return made

    @classmethod
    def randint(
        cls,
        low: int,
        high: int,
        size: int | Sequence[int],
        *,
        out: Self | None = None,
        dtype: npt.DTypeLike | None = None,
        device: str | None = None,
        **kwargs: Any,
    ) -> Self:
        """A tensor of uniform integers in [low, high), int64 unless said otherwise."""
        wanted = dtype if dtype is not None else np.int64
        made = cls._filled(0, (size,), out, wanted, device, kwargs)
        made.data[...] = np.random.default_rng().integers(low, high, made.shape)
        return made

    @classmethod
    def arange(
        cls,
        start: float = 0,
        end: float | None = None,
        step: float = 1,
        *,
        out: Self | None = None,
        dtype: npt.DTypeLike | None = None,
        device: str | None = None,
        **kwargs: Any,
    ) -> Self:
        """A tensor of `start`, `start + step`, ... below `end`."""
        values = np.arange(start, step=step) if end is None else np.arange(start, end, step)
        if out is None:
            given = values.astype(dtype) if dtype is not None else values
            return cls(given, None, device, **kwargs)
        return _into(out, values.shape, dtype).fill_(values)

    @classmethod
    def _filled(
        cls,
        value: int,
        size: tuple[int | Sequence[int], ...],
        out: Self | None,
        dtype: npt.DTypeLike | None,
        device: str | None,
        options: dict[str, Any],
    ) -> Self:
        shape: tuple[int, ...] = ()
        for part in size:
            shape += (int(part),) if isinstance(part, int | np.integer) else tuple(part)
        if out is not None:
            return _into(out, shape, dtype).fill_(value)
        wanted = dtype if dtype is not None else np.float32
        return cls(shape, wanted, device, **options).fill_(value)


# The factories of the class, as programs call them; `**kwargs` go to the class, which takes none.
full = NpuTensor.full
zeros = NpuTensor.zeros
ones = NpuTensor.ones
zeros_like = NpuTensor.zeros_like
rand = NpuTensor.rand
randint = NpuTensor.randint
arange = NpuTensor.arange

Tensor = TypeVar("Tensor", bound=NpuTensor)


def tensor(
    data: npt.ArrayLike, dtype: npt.DTypeLike | None = None, device: str | None = None
) -> NpuTensor:
    """A tensor holding a copy of `data`. Refuses a `dtype` that contradicts an array's own."""
    if isinstance(data, int | np.integer):
        return NpuTensor(np.asarray(data), dtype, device)
    values = data if isinstance(data, np.ndarray | NpuTensor) else np.asarray(data, dtype)
    return NpuTensor(values, dtype, device)


def set_tensor_class(cls: type[NpuTensor]) -> None:
    """Only `NpuTensor` and its subclasses can stand over the simulator."""
    if not (isinstance(cls, type) and issubclass(cls, NpuTensor)):
        raise UsageError(
            f"{getattr(cls, '__name__', cls)!r} cannot be the tensor class",
            at=author_line(),
            because="the simulator takes NpuTensor and its subclasses",
        )


def _into(out: Tensor, shape: tuple[int, ...], dtype: npt.DTypeLike | None) -> Tensor:
    if out.shape != shape or (dtype is not None and out.dtype != np.dtype(dtype)):
        wanted = f"{shape} {np.dtype(dtype) if dtype is not None else out.dtype}"
        raise UsageError(
            f"out= has {out.shape} {out.dtype}, not {wanted}",
            at=author_line(),
        )
    return out


def _as_shape(value: object) -> tuple[int, ...] | None:
    """A shape, if `value` is an integer or a tuple of them; lists and arrays are values."""
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return (int(value),)
    if isinstance(value, tuple) and all(isinstance(size, int | np.integer) for size in value):
        return tuple(int(size) for size in value)
    return None


def _checked_dtype(dtype: npt.DTypeLike) -> np.dtype[Any]:
    return scalar_type(dtype, of="a tensor").dtype


def _checked_device(device: str | None) -> str:
    """None is where tensors are unless said otherwise."""
    if device is None:
        return "npu"
    if device not in DEVICES:
        raise UsageError(
            f"Unsupported device: {device}", at=author_line(), because="'cpu' and 'npu' exist"
        )
    return device


def _refuse_other_dtype(own: np.dtype[Any], asked: np.dtype[Any]) -> None:
    if own != asked:
        raise UsageError(
            f"tensor(dtype={asked}) of an array of {own}",
            at=author_line(),
            because="the two disagree",
            fix=f"array.astype({asked})",
        )


def _torch() -> Any:
    try:
        import torch  # type: ignore[import-not-found, unused-ignore]
    except ImportError as error:
        raise UsageError(
            "torch is not installed", at=author_line(), because=str(error), fix="tensor.numpy()"
        ) from None
    return torch
