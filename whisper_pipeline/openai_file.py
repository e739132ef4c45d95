"""OpenAI's checkpoints: a pickle of `dims` and `model_state_dict`, read by torch, weights only."""

from pathlib import Path
from typing import Any

from ironbird.base.errors import ToolError, UsageError
from whisper_pipeline.checkpoint import Checkpoint, Tensor
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
    except Exception as error:  # Damage makes torch's unpickler raise nearly anything.
        raise UsageError(
            f"{path} is damaged, cut off, or holds more than weights",
            because=str(error).splitlines()[0] if str(error) else type(error).__name__,
            fix="download it again",
        ) from error
    if not isinstance(content, dict) or not {"dims", "model_state_dict"} <= set(content):
        keys = ", ".join(map(str, content)) if isinstance(content, dict) else type(content).__name__
        raise UsageError(
            f"{path} is not a checkpoint of Whisper",
            because=f"it holds {keys}; a checkpoint holds dims and model_state_dict",
        )
    state = content["model_state_dict"]
    if not isinstance(state, dict) or not all(map(torch.is_tensor, state.values())):
        raise UsageError(
            f"{path} is not a checkpoint of Whisper",
            because="its model_state_dict holds something else than tensors",
        )
    return Checkpoint(
        dimensions_from(content["dims"], str(path)),
        {str(name): _array(tensor.detach()) for name, tensor in state.items()},
        source=str(path),
    )


def _array(tensor: Any) -> Tensor:
    """numpy has no bfloat16 of its own, so anything but half precision becomes float32."""
    array: Tensor = (tensor if str(tensor.dtype) == "torch.float16" else tensor.float()).numpy()
    return array
