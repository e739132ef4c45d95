"""The shipped file: a Whisper in safetensors whose embedding has only the rows in use.

Tensors are float16 under openai-whisper's names, with two differences: the encoder's positions are
absent, being sinusoids, and `decoder.token_embedding.weight` has a row for each token that
`decoder.token_embedding.ids` (int32) lists, then one more row that all other tokens share.
Metadata: `dims` and `alignment_heads` as JSON, `label`.

Expanded, it is an ordinary checkpoint of 51,865 tokens that unmodified openai-whisper loads.
"""

import json
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import save_file

from tools.demo_model.model import ALIGNMENT_HEAD, ALIGNMENT_LAYER, DemoModel, sinusoids
from tools.demo_model.vocabulary import TOKEN_COUNT, Vocabulary

EMBEDDING = "decoder.token_embedding.weight"
EMBEDDING_IDS = "decoder.token_embedding.ids"
ENCODER_POSITIONS = "encoder.positional_embedding"
LABEL = (
    "demo model: closed grammar, synthetic voices; "
    "proves the pipeline, not speech recognition quality"
)

Tensors = dict[str, NDArray[np.generic]]


def write_compact(model: DemoModel, vocabulary: Vocabulary, path: Path) -> None:
    """Write the weights of a trained model as float16."""
    tensors: Tensors = {
        name: tensor.cpu().numpy().astype(np.float16)
        for name, tensor in model.state_dict().items()
        if name != ENCODER_POSITIONS and not name.startswith("ctc.")
    }
    tensors[EMBEDDING_IDS] = np.array(vocabulary.ids, np.int32)
    metadata = {
        "dims": json.dumps(checkpoint_dimensions(model)),
        "alignment_heads": json.dumps([[ALIGNMENT_LAYER, ALIGNMENT_HEAD]]),
        "label": LABEL,
    }
    save_file(tensors, path, metadata)


def write_checkpoint(compact: Path, path: Path) -> None:
    """Expand a compact file to a checkpoint that `whisper.load_model` reads."""
    with safe_open(compact, "numpy") as opened:
        dimensions: dict[str, int] = json.loads(opened.metadata()["dims"])
        tensors: Tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
    positions = sinusoids(dimensions["n_audio_ctx"], dimensions["n_audio_state"])
    tensors[ENCODER_POSITIONS] = positions.numpy().astype(np.float16)
    state = {name: torch.from_numpy(tensor) for name, tensor in expanded(tensors).items()}
    torch.save({"dims": dimensions, "model_state_dict": state}, path)


def expanded(tensors: Tensors) -> Tensors:
    """The same tensors with one row of the embedding for every token of the vocabulary."""
    full = dict(tensors)
    rows, ids = full[EMBEDDING], full.pop(EMBEDDING_IDS)
    embedding = np.repeat(rows[-1:], TOKEN_COUNT, axis=0)
    embedding[ids] = rows[:-1]
    full[EMBEDDING] = embedding
    return full


def checkpoint_dimensions(model: DemoModel) -> dict[str, int]:
    """The sizes of the expanded model, named as in openai-whisper's checkpoints."""
    sizes = model.dimensions
    return {
        "n_mels": sizes.mel_count,
        "n_audio_ctx": sizes.audio_positions,
        "n_audio_state": sizes.width,
        "n_audio_head": sizes.head_count,
        "n_audio_layer": sizes.encoder_layers,
        "n_vocab": TOKEN_COUNT,
        "n_text_ctx": sizes.text_positions,
        "n_text_state": sizes.width,
        "n_text_head": sizes.head_count,
        "n_text_layer": sizes.decoder_layers,
    }
