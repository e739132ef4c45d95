"""A training checkpoint to the file that ships: `python -m tools.demo_model.export RUN FILE`.

With --checkpoint it also writes the expanded form for openai-whisper. Refuses a file of 4 MB or
more, which is what the repository allows.
"""

import argparse
import hashlib
from pathlib import Path

import torch

from tools.demo_model.compact_file import write_checkpoint, write_compact
from tools.demo_model.train import new_model
from tools.demo_model.vocabulary import whisper_vocabulary

LARGEST_BYTES = 4_000_000


def export(checkpoint: Path, file: Path) -> int:
    """Write the compact file of a training checkpoint; returns the steps it was trained for."""
    vocabulary = whisper_vocabulary()
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    model = new_model(vocabulary)
    model.load_state_dict(state["model"])
    write_compact(model, vocabulary, file)
    size = file.stat().st_size
    if size >= LARGEST_BYTES:
        file.unlink()
        raise ValueError(f"the file has {size} bytes; it may have {LARGEST_BYTES - 1}")
    return int(state["step"])


def main() -> None:
    """Export, and say what came out."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo_model.export")
    parser.add_argument("run", type=Path, help="the folder with checkpoint.pt")
    parser.add_argument("file", type=Path, help="the safetensors file to write")
    parser.add_argument("--checkpoint", type=Path, help="an openai-whisper .pt to write as well")
    options = parser.parse_args()
    step = export(options.run / "checkpoint.pt", options.file)
    if options.checkpoint is not None:
        write_checkpoint(options.file, options.checkpoint)
    digest = hashlib.sha256(options.file.read_bytes()).hexdigest()
    print(f"step {step}: {options.file.stat().st_size} bytes, sha256 {digest}")


if __name__ == "__main__":
    main()
