"""Model files that lie about themselves: each is refused, soon and by name, and runs no code."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from ironbird.base.errors import UsageError
from tools.whisper_goldens.random_model import random_checkpoint, small_dimensions
from whisper_pipeline.checkpoint import Checkpoint
from whisper_pipeline.dimensions import as_mapping
from whisper_pipeline.hugging_face import CONFIG_KEYS
from whisper_pipeline.ironbird_file import EMBEDDING, ROW_OF_TOKEN, ROWS, write_ironbird_file
from whisper_pipeline.model_files import load_checkpoint

safetensors = pytest.importorskip(
    "safetensors.numpy", reason="safetensors, of the extra `whisper`, reads the files"
)

DIMENSIONS = as_mapping(small_dimensions())
WIDE = dict.fromkeys(("n_audio_state", "n_text_state"), 1 << 40)
WEIGHT = "decoder.ln.bias"
HEADS = "each is a pair of layer and head"


@pytest.fixture(scope="module")
def checkpoint() -> Checkpoint:
    return random_checkpoint(small_dimensions())


@pytest.fixture(scope="module")
def tensors(checkpoint: Checkpoint, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """As the file of a compact model holds them."""
    path = tmp_path_factory.mktemp("model") / "whole"
    embedding = np.repeat(checkpoint.tensors[EMBEDDING][:1], 51865, axis=0)
    whole = replace(checkpoint, tensors={**checkpoint.tensors, EMBEDDING: embedding})
    write_ironbird_file(path, whole, compact_rows=np.zeros(51865, np.int32))
    found: dict[str, Any] = safetensors.load_file(path)
    return found


def refused(path: Path) -> str:
    """Why, without the path in front."""
    with pytest.raises(UsageError) as found:
        load_checkpoint(path).array(WEIGHT)
    assert str(found.value).startswith(str(path))
    return str(found.value)[len(str(path)) :]


@pytest.mark.parametrize(
    ("note", "stated", "said"),
    [
        (
            *("dimensions", "null"),
            " does not state the dimensions of a Whisper model\n"
            "  because: they are of type NoneType, not names with sizes",
        ),
        (
            *("dimensions", "{"),
            ": its note of dimensions is not JSON\n  because: Expecting property name enclosed in "
            "double quotes: line 1 column 2 (char 1)",
        ),
        (
            *("dimensions", json.dumps(DIMENSIONS | {"n_text_layer": 10**9})),
            " does not hold the tensors of its dimensions\n"
            "  because: it holds 88 tensors for 1000000002 layers",
        ),
        (
            *("dimensions", json.dumps(DIMENSIONS | WIDE)),
            ": the tensor decoder.blocks.0.attn.key.weight has the wrong shape\n"
            f"  because: it is [64, 64]; the dimensions imply [{1 << 40}, {1 << 40}]",
        ),
        (
            *("alignment_heads", "[[0]]"),
            f" does not state alignment heads\n  because: they are [[0]]; {HEADS}",
        ),
        (
            *("alignment_heads", "[[0, 0.5]]"),
            f" does not state alignment heads\n  because: they are [[0, 0.5]]; {HEADS}",
        ),
        (
            *("alignment_heads", json.dumps("x" * 99)),
            f" does not state alignment heads\n  because: they are '{'x' * 59}...; {HEADS}",
        ),
        (
            *("alignment_heads", "[[-1, 0]]"),
            ": the alignment head 0 of layer -1 does not exist\n"
            "  because: the decoder has 2 layers of 2 heads",
        ),
    ],
)
def test_notes_that_lie(
    note: str, stated: str, said: str, tensors: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "model"
    notes = {"format": "ironbird-whisper-1", "dimensions": json.dumps(DIMENSIONS)}
    safetensors.save_file(tensors, path, metadata=notes | {note: stated})
    assert refused(path) == said


def test_a_file_without_dimensions(tmp_path: Path) -> None:
    path = tmp_path / "model"
    safetensors.save_file({"x": np.zeros(1)}, path, metadata={"format": "ironbird-whisper-1"})
    assert refused(path).startswith(" does not state the dimensions of a Whisper model\n")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {WEIGHT: np.full(64, np.nan, np.float32)},
            f": the tensor {WEIGHT} is damaged\n  because: 64 of its 64 numbers are not finite",
        ),
        (
            {WEIGHT: np.full(64, 1e300)},
            f": the tensor {WEIGHT} is damaged\n  because: 64 of its 64 numbers are not finite",
        ),
        (
            {WEIGHT: np.zeros(64, np.int32)},
            f": the tensor {WEIGHT} is of int32\n"
            "  because: weights are of float16, bfloat16, float32, float64",
        ),
        (
            {WEIGHT: np.zeros(64, np.int8)},
            f": the tensor {WEIGHT} is of I8\n"
            "  because: numbers of F16, BF16, F32, F64, I32 can be read\n"
            "  try: a copy of the model in half precision",
        ),
        (
            {WEIGHT: np.zeros(64, ml_dtypes.float8_e4m3fn)},
            f": the tensor {WEIGHT} is of F8_E4M3\n"
            "  because: numbers of F16, BF16, F32, F64, I32 can be read\n"
            "  try: a copy of the model in half precision",
        ),
        (
            {ROW_OF_TOKEN: np.zeros(51865, np.float32)},
            " does not hold a compact embedding\n  because: its rows have 2 dimensions, not 2, or "
            "the row of each token is of float32, not int32",
        ),
        (
            {EMBEDDING: np.zeros((51865, 64), np.float16)},
            " does not hold the tensors of its dimensions\n"
            f"  because: missing: -; not of a Whisper model: {ROW_OF_TOKEN}, {ROWS}",
        ),
    ],
    ids=["nan", "overflow", "int32", "int8", "float8", "row table", "two embeddings"],
)
def test_tensors_that_are_no_weights(
    change: dict[str, Any], said: str, tensors: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "model"
    notes = {"format": "ironbird-whisper-1", "dimensions": json.dumps(DIMENSIONS)}
    safetensors.save_file(tensors | change, path, metadata=notes)
    assert refused(path) == said


CONFIG = {"model_type": "whisper"} | {CONFIG_KEYS[key]: n for key, n in DIMENSIONS.items()}
NOWHERE = (
    "/model.safetensors.index.json does not say where weights are\n"
    "  because: its weight_map names no file for each tensor, or one in another folder"
)


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        (
            *("config.json", CONFIG | {"activation_function": "relu"}),
            " is not a Whisper model\n"
            "  because: config.json states activation_function 'relu'; Whisper has 'gelu'",
        ),
        (
            *("config.json", CONFIG | {"scale_embedding": True}),
            " is not a Whisper model\n"
            "  because: config.json states scale_embedding True; Whisper has False",
        ),
        ("model.safetensors.index.json", {}, NOWHERE),
        ("model.safetensors.index.json", {"weight_map": ["a"]}, NOWHERE),
        ("model.safetensors.index.json", {"weight_map": {"a": 5}}, NOWHERE),
        ("model.safetensors.index.json", {"weight_map": {"a": "../other.safetensors"}}, NOWHERE),
    ],
)
def test_folders_that_lie(file: str, content: Any, said: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    (tmp_path / file).write_text(json.dumps(content))
    assert refused(tmp_path) == said


def test_a_config_nested_too_deep(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("[" * 100_000)
    assert refused(tmp_path).startswith("/config.json is not JSON\n  because: maximum recursion")


@pytest.mark.parametrize("name", ["x" * 300, "locked/model.pt"])
def test_paths_that_cannot_be_looked_at(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / name
    reason = "File name too long"
    if "locked" in name:
        # Root, as whom tests may run, is denied nothing.
        for function in ("stat", "open"):
            monkeypatch.setattr(Path, function, denied)
        reason = "Permission denied"
    with pytest.raises(UsageError) as found:
        load_checkpoint(path)
    assert str(found.value) == f"the model {path} cannot be read\n  because: {reason}"


class Hostile:
    """What a pickle makes run where it is read without care."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (f"touch '{self.trace}'",)


def test_a_pickle_that_would_run_code(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    path, trace = tmp_path / "model.pt", tmp_path / "trace"
    torch.save({"dims": DIMENSIONS, "model_state_dict": Hostile(trace)}, path)
    assert refused(path) == (
        " is damaged, cut off, or holds more than weights\n"
        "  because: its pickle asks for what weights do not need\n"
        "  try: download it again, from whom you trust"
    )
    assert not trace.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            {"dims": None, "model_state_dict": {}},
            " does not state the dimensions of a Whisper model\n"
            "  because: they are of type NoneType, not names with sizes",
        ),
        (
            {"dims": {1: 2, **DIMENSIONS}, "model_state_dict": {}},
            " does not state the dimensions of a Whisper model\n  because: missing: -; unknown: 1",
        ),
        (
            {"dims": DIMENSIONS, "model_state_dict": [1]},
            " is not a checkpoint of Whisper\n"
            "  because: its model_state_dict does not hold tensors by name",
        ),
        (
            {"dims": DIMENSIONS, "model_state_dict": {WEIGHT: 5}},
            f": {WEIGHT} is not a tensor with all its numbers",
        ),
        (
            dict.fromkeys("abcde", 1),
            " is not a checkpoint of Whisper\n"
            "  because: it holds a, b, c and 2 more; a checkpoint holds dims and model_state_dict",
        ),
    ],
)
def test_checkpoints_that_lie(content: Any, said: str, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    path = tmp_path / "model.pt"
    torch.save(content, path)
    assert refused(path) == said


def test_a_tensor_that_is_larger_than_its_numbers(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    path = tmp_path / "model.pt"
    huge = torch.zeros(1).expand(1 << 40)
    torch.save({"dims": DIMENSIONS, "model_state_dict": {WEIGHT: huge}}, path)
    assert refused(path) == f": {WEIGHT} is not a tensor with all its numbers"


def test_parameters_of_a_module_are_weights(checkpoint: Checkpoint, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    path = tmp_path / "model.pt"
    state = {
        name: torch.nn.Parameter(torch.tensor(np.asarray(tensor)))
        for name, tensor in checkpoint.tensors.items()
    }
    torch.save({"dims": DIMENSIONS, "model_state_dict": state}, path)
    assert np.array_equal(load_checkpoint(path).array(WEIGHT), checkpoint.array(WEIGHT))


def test_damage_anywhere_in_a_pickle(tmp_path: Path) -> None:
    """torch fails in many ways, of which none is a traceback here."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    path = tmp_path / "model.pt"
    torch.save({"dims": DIMENSIONS, "model_state_dict": {WEIGHT: torch.zeros(3)}}, path)
    whole = path.read_bytes()
    random = np.random.default_rng(0)
    for place in random.integers(0, len(whole), 200):
        damaged = bytearray(whole)
        damaged[place] = random.integers(256)
        path.write_bytes(damaged)
        refused(path)
