"""Our own model file: one safetensors file that states its dimensions, with a compact embedding.

Tensors have openai-whisper's names; the encoder's positions are absent, being sinusoids. Where
`decoder.token_embedding.ids` is there, the embedding has a row for each of these tokens and one
more that all others share: a model of a small domain knows few of the vocabulary's tokens. Reading
expands it. Metadata: `dims` and `alignment_heads` as JSON, and what else the maker noted.
"""

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ironbird.base.errors import UsageError
from whisper_pipeline.checkpoint import POSITIONS, Checkpoint, HeadPlaces, Tensor
from whisper_pipeline.dimensions import ModelDimensions, as_mapping, dimensions_from
from whisper_pipeline.safetensors_file import read_safetensors

EMBEDDING = "decoder.token_embedding.weight"
EMBEDDING_IDS = "decoder.token_embedding.ids"


def read_ironbird_file(path: Path) -> Checkpoint:
    """Raises UsageError for a file that is damaged, or safetensors of something else."""
    tensors, notes = read_safetensors(path)
    if "dims" not in notes:
        raise UsageError(
            f"{path} is safetensors, but not a model file of Ironbird",
            because="its metadata does not state dims",
            fix="for a Hugging Face model, give the folder with its config.json",
        )
    dimensions = dimensions_from(json.loads(notes["dims"]), str(path))
    if EMBEDDING_IDS in tensors:
        tensors = _expanded(tensors, dimensions, path)
    heads = json.loads(notes.get("alignment_heads", "null"))
    return Checkpoint(dimensions, tensors, alignment_heads=_places(heads), source=str(path))


def write_ironbird_file(
    path: Path, checkpoint: Checkpoint, *, known_tokens: npt.NDArray[np.int32] | None = None
) -> None:
    """Write a model in half precision.

    known_tokens: the tokens that keep their own row of the embedding, where all others have equal
                  ones. None keeps every row.
    """
    from safetensors.numpy import save_file

    tensors: dict[str, Tensor] = {
        name: np.ascontiguousarray(tensor, np.float16)
        for name, tensor in checkpoint.tensors.items()
        if name != POSITIONS
    }
    if known_tokens is not None:
        embedding = tensors[EMBEDDING]
        others = np.delete(embedding, known_tokens, axis=0)
        if not len(others) or (others != others[0]).any():
            raise UsageError(f"{path}: tokens that are to share a row have different embeddings")
        tensors[EMBEDDING] = np.concatenate([embedding[known_tokens], others[:1]])
        tensors[EMBEDDING_IDS] = known_tokens
    notes = {"dims": json.dumps(as_mapping(checkpoint.dimensions))}
    if checkpoint.alignment_heads is not None:
        notes["alignment_heads"] = json.dumps(checkpoint.alignment_heads)
    save_file(tensors, path, metadata=notes)


def _expanded(
    tensors: dict[str, Tensor], dimensions: ModelDimensions, path: Path
) -> dict[str, Tensor]:
    """The tensors with a row of the embedding for every token."""
    rows, ids = tensors[EMBEDDING], tensors[EMBEDDING_IDS].astype(np.int64)
    if len(rows) != len(ids) + 1 or ids.min() < 0 or ids.max() >= dimensions.n_vocab:
        raise UsageError(
            f"{path}: the compact embedding does not fit its tokens",
            because=f"{len(rows)} rows for {len(ids)} tokens and one row for the others, "
            f"of {dimensions.n_vocab} tokens",
        )
    embedding = np.repeat(rows[-1:], dimensions.n_vocab, axis=0)
    embedding[ids] = rows[:-1]
    return {name: t for name, t in tensors.items() if name != EMBEDDING_IDS} | {
        EMBEDDING: embedding
    }


def _places(heads: list[list[int]] | None) -> HeadPlaces | None:
    return None if heads is None else tuple((layer, head) for layer, head in heads)
