"""Our weights in openai-whisper's model."""

from typing import Any

import numpy as np

from whisper_pipeline.checkpoint import Checkpoint
from whisper_pipeline.dimensions import as_mapping


def torch_model(checkpoint: Checkpoint) -> Any:
    """A `whisper.model.Whisper` with the weights of `checkpoint`."""
    import torch
    from whisper.model import ModelDimensions, Whisper

    model = Whisper(ModelDimensions(**as_mapping(checkpoint.dimensions))).eval()
    state = {name: torch.tensor(np.asarray(tensor)) for name, tensor in checkpoint.tensors.items()}
    model.load_state_dict(state)
    return model
