"""Short names of element types, as command lines of designs spell them (`--dtype bf16`)."""

import ml_dtypes
import numpy as np

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line

dtype_map: dict[str, type[np.generic]] = {
    "bf16": ml_dtypes.bfloat16,
    "i8": np.int8,
    "i16": np.int16,
    "f32": np.float32,
    "i32": np.int32,
}


def str_to_dtype(dtype_str: str) -> type[np.generic]:
    """The numpy scalar class of a short name."""
    found = dtype_map.get(dtype_str)
    if found is None:
        raise DesignError(
            f"Unrecognized dtype: {dtype_str}",
            at=author_line(),
            because=f"the names are {', '.join(sorted(dtype_map))}",
        )
    return found


def dtype_to_str(dtype: object) -> str:
    """The short name of a numpy scalar class or dtype."""
    wanted = np.dtype(dtype)  # type: ignore[call-overload]
    for name, known in dtype_map.items():
        if np.dtype(known) == wanted:
            return name
    raise DesignError(
        f"Unrecognized dtype: {wanted}",
        at=author_line(),
        because=f"the dtypes are {', '.join(sorted(str(np.dtype(d)) for d in dtype_map.values()))}",
    )
