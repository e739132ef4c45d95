"""Audio states, logits and attention scores of a small random model, by openai-whisper."""

from pathlib import Path
from typing import Any

import numpy as np

from tools.whisper_goldens.random_model import (
    random_checkpoint,
    random_features,
    random_tokens,
    small_dimensions,
)
from whisper_pipeline.checkpoint import Checkpoint
from whisper_pipeline.dimensions import as_mapping

EVERY_STATE = 50
EVERY_TOKEN = 997
TOKEN_COUNT = 9


def torch_model(checkpoint: Checkpoint) -> Any:
    """The same weights in openai-whisper's model."""
    import torch
    from whisper.model import ModelDimensions, Whisper

    model = Whisper(ModelDimensions(**as_mapping(checkpoint.dimensions))).eval()
    state = {name: torch.tensor(np.asarray(tensor)) for name, tensor in checkpoint.tensors.items()}
    model.load_state_dict(state)
    return model


def record(folder: Path) -> None:
    import torch

    dimensions = small_dimensions()
    model = torch_model(random_checkpoint(dimensions))
    tokens = torch.tensor(random_tokens(dimensions, 2, TOKEN_COUNT))
    with torch.no_grad():
        states = model.encoder(torch.tensor(random_features(dimensions, 2)))
        logits = model.decoder(tokens, states)
    np.savez_compressed(
        folder / "states.npz",
        states=states[:, ::EVERY_STATE].numpy(),
        logits=logits[..., ::EVERY_TOKEN].numpy(),
    )
