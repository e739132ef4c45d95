"""One safetensors file: its tensors and its notes, with errors that name the file."""

from pathlib import Path

from ironbird.base.errors import ToolError, UsageError
from whisper_pipeline.checkpoint import Tensor

KINDS = ("F16", "BF16", "F32", "F64", "I32")
"""Of numbers, as safetensors names them: those of weights, and of a table of rows."""


def read_safetensors(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The tensors by name, and the file's metadata.

    Raises ToolError without the package safetensors, UsageError for a damaged or cut-off file.
    """
    try:
        import ml_dtypes  # noqa: F401  (makes bfloat16 known to numpy)
        from safetensors import SafetensorError, safe_open
    except ImportError as error:
        raise ToolError(
            f"reading {path} needs the package safetensors",
            because=str(error),
            fix="pip install 'ironbird[whisper]'",
        ) from error
    try:
        with safe_open(path, framework="numpy") as file:
            for name in file.keys():  # noqa: SIM118
                found = file.get_slice(name).get_dtype()
                if found not in KINDS:
                    raise UsageError(
                        f"{path}: the tensor {name} is of {found}",
                        because=f"numbers of {', '.join(KINDS)} can be read",
                        fix="a copy of the model in half precision",
                    )
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            return tensors, file.metadata() or {}
    except (SafetensorError, OSError) as error:
        raise UsageError(
            f"{path} is not a whole safetensors file",
            because=str(error),
            fix="download or make it again",
        ) from error
