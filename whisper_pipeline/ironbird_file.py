"""Our own model file: one safetensors file that states its dimensions, with a compact embedding.

A model trained on few of the vocabulary's tokens stores one embedding row for each token it knows
and one for all the others; a table gives each token its row. Reading expands it to all tokens.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ironbird.base.errors import UsageError
from whisper_pipeline.checkpoint import POSITIONS, Checkpoint, Tensor, head_places
from whisper_pipeline.dimensions import as_mapping, dimensions_from
from whisper_pipeline.json_text import stated
from whisper_pipeline.safetensors_file import read_safetensors

FORMAT = "ironbird-whisper-1"
EMBEDDING = "decoder.token_embedding.weight"
ROWS = "decoder.token_embedding.rows"
ROW_OF_TOKEN = "decoder.token_embedding.row_of_token"


def read_ironbird_file(path: Path) -> Checkpoint:
    """Raises UsageError for a file that is damaged, or safetensors of something else."""
    tensors, notes = read_safetensors(path)
    if notes.get("format") != FORMAT:
        raise UsageError(
            f"{path} is safetensors, but not a model file of Ironbird",
            because=f"its format is {notes.get('format')!r}, not {FORMAT!r}",
            fix="for a Hugging Face model, give the folder with its config.json",
        )
    dimensions = dimensions_from(_note(path, notes, "dimensions"), str(path))
    if {ROWS, ROW_OF_TOKEN} <= set(tensors) and EMBEDDING not in tensors:
        rows, row_of_token = tensors.pop(ROWS), tensors.pop(ROW_OF_TOKEN)
        if rows.ndim != 2 or row_of_token.dtype != np.int32:
            raise UsageError(
                f"{path} does not hold a compact embedding",
                because=f"its rows have {rows.ndim} dimensions, not 2, or the row of each token "
                f"is of {row_of_token.dtype}, not int32",
            )
        if row_of_token.min(initial=0) < 0 or row_of_token.max(initial=0) >= len(rows):
            raise UsageError(f"{path}: a token's embedding row is not among the {len(rows)} rows")
        tensors[EMBEDDING] = rows[row_of_token]
    heads = head_places(_note(path, notes, "alignment_heads"), str(path))
    return Checkpoint(dimensions, tensors, alignment_heads=heads, source=str(path))


def write_ironbird_file(
    path: Path, checkpoint: Checkpoint, *, compact_rows: npt.NDArray[np.int32] | None = None
) -> None:
    """Write a model in half precision, without the encoder's positions.

    compact_rows: for each token its row, where tokens share rows; the tokens of a row have equal
                  embeddings. None stores every token's row.
    """
    from safetensors.numpy import save_file

    tensors: dict[str, Tensor] = {
        name: np.ascontiguousarray(tensor, np.float16)
        for name, tensor in checkpoint.tensors.items()
        if name != POSITIONS
    }
    if compact_rows is not None:
        embedding = tensors.pop(EMBEDDING)
        _, first_of_row = np.unique(compact_rows, return_index=True)
        tensors[ROWS] = np.ascontiguousarray(embedding[first_of_row])
        tensors[ROW_OF_TOKEN] = compact_rows
        if not np.array_equal(tensors[ROWS][compact_rows], embedding):
            raise UsageError(f"{path}: tokens that share a row do not have equal embeddings")
    notes = {"format": FORMAT, "dimensions": json.dumps(as_mapping(checkpoint.dimensions))}
    if checkpoint.alignment_heads is not None:
        notes["alignment_heads"] = json.dumps(checkpoint.alignment_heads)
    save_file(tensors, path, metadata=notes)


def _note(path: Path, notes: Mapping[str, str], name: str) -> Any:
    """What the file's metadata states under a name; None if nothing."""
    return stated(notes.get(name, "null"), f"{path}: its note of {name}")
