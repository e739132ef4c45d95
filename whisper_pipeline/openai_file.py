"""OpenAI's checkpoints: a pickle of `dims` and `model_state_dict`, read by torch, weights only."""

from pathlib import Path
from typing import Any

from ironbird.base.errors import ToolError, UsageError
from whisper_pipeline.checkpoint import Checkpoint, Tensor, listed
from whisper_pipeline.dimensions import dimensions_from


def read_openai_file(path: Path) -> Checkpoint:
    """Raises ToolError without torch, UsageError for a file that is damaged or something else."""
    try:
        import torch
    except ImportError as error:
        raise ToolError(
            f"reading {path} needs torch",
            because=str(error),
            fix="pip install torch, or a model in safetensors",
        ) from error
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # A damaged pickle fails in any way.
        raise UsageError(
            f"{path} is damaged, cut off, or holds more than weights",
            because=_reason(error),
            fix="download it again, from whom you trust",
        ) from error
    if not isinstance(content, dict) or not {"dims", "model_state_dict"} <= set(content):
        keys = listed([*map(str, content)]) if isinstance(content, dict) else type(content).__name__
        raise UsageError(
            f"{path} is not a checkpoint of Whisper",
            because=f"it holds {keys}; a checkpoint holds dims and model_state_dict",
        )
    state = content["model_state_dict"]
    if not isinstance(state, dict) or not all(isinstance(name, str) for name in state):
        raise UsageError(
            f"{path} is not a checkpoint of Whisper",
            because="its model_state_dict does not hold tensors by name",
        )
    return Checkpoint(
        dimensions_from(content["dims"], str(path)),
        {name: _array(tensor, f"{path}: {name}") for name, tensor in state.items()},
        source=str(path),
    )


def _reason(error: Exception) -> str:
    """The first sentence of torch's many; not its advice to load whatever it is all the same."""
    if "weights_only" in str(error):
        return "its pickle asks for what weights do not need"
    first_line, *_ = str(error).splitlines() or [type(error).__name__]
    return first_line.partition(". ")[0]


def _array(tensor: Any, name: str) -> Tensor:
    """numpy has no bfloat16 of its own, so any floats but half precision become float32."""
    import torch

    if not isinstance(tensor, torch.Tensor) or (
        tensor.layout != torch.strided
        or tensor.is_meta
        or tensor.is_quantized
        or tensor.nbytes > tensor.untyped_storage().nbytes()  # One number, said many times.
    ):
        raise UsageError(f"{name} is not a tensor with all its numbers")
    if tensor.is_floating_point() and tensor.dtype != torch.float16:
        tensor = tensor.float()
    array: Tensor = tensor.detach().numpy()
    return array
