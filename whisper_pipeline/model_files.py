"""A model by path: which of the known formats it is, and its weights.

Nothing is ever downloaded: a model that is not there is an error that says where it was looked for.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from ironbird.base.errors import UsageError
from whisper_pipeline.alignment_heads import ALIGNMENT_HEADS, OTHER_NAMES
from whisper_pipeline.checkpoint import Checkpoint
from whisper_pipeline.hugging_face import read_hugging_face
from whisper_pipeline.ironbird_file import read_ironbird_file
from whisper_pipeline.openai_file import read_openai_file

FOREIGN_STARTS: Mapping[bytes, str] = {
    b"lmgg": "a ggml file, as whisper.cpp reads it",
    b"GGUF": "a GGUF file",
    b"\x08": "perhaps an ONNX file",
}
FIX = "an OpenAI .pt file, a Hugging Face folder with safetensors, or a file of Ironbird"

SHIPPED = {"demo": Path(__file__).parent / "demo" / "model.safetensors"}
"""Models that lie in the package, by name."""


def load_checkpoint(model: str | Path, *, folder: str | Path | None = None) -> Checkpoint:
    """The weights of a model given by path, by a published name such as `base.en`, or `demo`.

    folder: where `NAME.pt` lies for a model given by name; by default where openai-whisper keeps
            its downloads (`$XDG_CACHE_HOME/whisper` or `~/.cache/whisper`).
    A model given by name has its published alignment heads; one given by path those of its file.
    A text that is a name is no path: a file of that name is `./base.en`.
    """
    if isinstance(model, Path):
        return read_checkpoint(model)
    if model in SHIPPED:
        return read_checkpoint(SHIPPED[model])
    name = OTHER_NAMES.get(model, model)
    if name not in ALIGNMENT_HEADS:
        return read_checkpoint(Path(model))
    named = Path(folder if folder is not None else default_folder()) / f"{name}.pt"
    if not os.path.exists(named):
        raise UsageError(
            f"the model {model!s} is not here",
            because=f"{named} does not exist, and nothing is downloaded",
            fix=f"put {named.name} there, or give the path of a model",
        )
    return replace(read_checkpoint(named), alignment_heads=ALIGNMENT_HEADS[name])


def default_folder() -> Path:
    """Where openai-whisper keeps its models."""
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "whisper"


def read_checkpoint(path: Path) -> Checkpoint:
    """The weights in a file or folder of any known format."""
    if os.path.isdir(path):
        if (path / "model.bin").exists() and not (path / "config.json").exists():
            raise UsageError(f"{path} is a CTranslate2 folder, as faster-whisper reads it", fix=FIX)
        return read_hugging_face(path)
    try:
        with path.open("rb") as file:
            start = file.read(9)
    except OSError as error:
        near = get_close_matches(str(path).lower(), [*SHIPPED, *ALIGNMENT_HEADS, *OTHER_NAMES])
        raise UsageError(
            f"the model {path} cannot be read",
            because=error.strerror,
            fix=f"one of the names {', '.join(near)}" if near else None,
        ) from error
    if start.startswith((b"PK\x03\x04", b"\x80\x02")):
        return read_openai_file(path)
    if start[8:9] == b"{":
        return read_ironbird_file(path)
    for foreign, kind in FOREIGN_STARTS.items():
        if start.startswith(foreign):
            raise UsageError(f"{path} is {kind}, which is not read here", fix=FIX)
    found = f"it begins with {start!r}" if start else "it has 0 bytes"
    raise UsageError(f"{path} is not a model file", because=found, fix=FIX)
