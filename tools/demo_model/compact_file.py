"""A trained model to the pipeline's own model file, and that file to openai-whisper's form.

The file holds half-precision weights and one embedding row for each token in use, with one more
that all other tokens share; `whisper_pipeline.ironbird_file` reads and writes it. Expanded, it is
an ordinary checkpoint of 51,865 tokens that unmodified openai-whisper loads.
"""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from tools.demo_model.model import ALIGNMENT_HEAD, ALIGNMENT_LAYER, DemoModel
from tools.demo_model.vocabulary import TOKEN_COUNT, Vocabulary
from whisper_pipeline.checkpoint import Checkpoint, Tensor
from whisper_pipeline.dimensions import ModelDimensions, as_mapping
from whisper_pipeline.ironbird_file import EMBEDDING, read_ironbird_file, write_ironbird_file


def write_compact(model: DemoModel, vocabulary: Vocabulary, path: Path) -> None:
    """Write the weights of a trained model as float16."""
    tensors: dict[str, Tensor] = {
        name: tensor.cpu().numpy().astype(np.float16)
        for name, tensor in model.state_dict().items()
        if not name.startswith("ctc.")
    }
    rows = row_of_token(vocabulary)
    tensors[EMBEDDING] = tensors[EMBEDDING][rows]
    checkpoint = Checkpoint(
        dimensions(model), tensors, alignment_heads=((ALIGNMENT_LAYER, ALIGNMENT_HEAD),)
    )
    write_ironbird_file(path, checkpoint, compact_rows=rows)


def write_checkpoint(compact: Path, path: Path) -> None:
    """Expand a compact file to a checkpoint that `whisper.load_model` reads."""
    checkpoint = read_ironbird_file(compact)
    state = {
        name: torch.from_numpy(np.asarray(tensor, np.float16))
        for name, tensor in checkpoint.tensors.items()
    }
    torch.save({"dims": as_mapping(checkpoint.dimensions), "model_state_dict": state}, path)


def row_of_token(vocabulary: Vocabulary) -> NDArray[np.int32]:
    """[51,865]: the row of each token; those not in use have the last."""
    rows = np.full(TOKEN_COUNT, vocabulary.row_count - 1, np.int32)
    rows[vocabulary.ids] = np.arange(len(vocabulary.ids), dtype=np.int32)
    return rows


def dimensions(model: DemoModel) -> ModelDimensions:
    """The sizes of the expanded model."""
    sizes = model.dimensions
    return ModelDimensions(
        n_mels=sizes.mel_count,
        n_audio_ctx=sizes.audio_positions,
        n_audio_state=sizes.width,
        n_audio_head=sizes.head_count,
        n_audio_layer=sizes.encoder_layers,
        n_vocab=TOKEN_COUNT,
        n_text_ctx=sizes.text_positions,
        n_text_state=sizes.width,
        n_text_head=sizes.head_count,
        n_text_layer=sizes.decoder_layers,
    )
