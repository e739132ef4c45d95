"""Models are read from every known format; damaged, cut-off and foreign files are refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import ml_dtypes
import numpy as np
import pytest

from ironbird.base.errors import UsageError
from tools.whisper_goldens.random_model import random_checkpoint, small_dimensions
from whisper_pipeline.alignment_heads import ALIGNMENT_HEADS
from whisper_pipeline.checkpoint import Checkpoint
from whisper_pipeline.dimensions import ModelDimensions, as_mapping, tensor_shapes
from whisper_pipeline.hugging_face import CONFIG_KEYS
from whisper_pipeline.ironbird_file import write_ironbird_file
from whisper_pipeline.model_files import FIX, load_checkpoint

safetensors = pytest.importorskip(
    "safetensors.numpy", reason="safetensors, of the extra `whisper`, reads the files"
)

DIMENSIONS = small_dimensions()


@pytest.fixture(scope="module")
def checkpoint() -> Checkpoint:
    """Values that half precision holds exactly."""
    plain = random_checkpoint(DIMENSIONS)
    halves = {name: np.float16(tensor) for name, tensor in plain.tensors.items()}
    return replace(plain, tensors=halves, alignment_heads=((1, 1),))


def same(found: Checkpoint, expected: Checkpoint) -> bool:
    return found.dimensions == expected.dimensions and all(
        np.array_equal(found.array(name), expected.array(name))
        for name in tensor_shapes(expected.dimensions)
        if name != "encoder.positional_embedding"
    )


def hugging_face_name(name: str) -> str:
    """The other way round than the reader's table."""
    for ours, theirs in (
        ("positional_embedding", "embed_positions.weight"),
        ("token_embedding", "embed_tokens"),
        ("encoder.ln_post", "encoder.layer_norm"),
        ("decoder.ln.", "decoder.layer_norm."),
        (".blocks.", ".layers."),
        (".cross_attn_ln.", ".encoder_attn_layer_norm."),
        (".attn_ln.", ".self_attn_layer_norm."),
        (".mlp_ln.", ".final_layer_norm."),
        (".cross_attn.", ".encoder_attn."),
        (".attn.", ".self_attn."),
        (".query.", ".q_proj."),
        (".key.", ".k_proj."),
        (".value.", ".v_proj."),
        (".out.", ".out_proj."),
        (".mlp.0.", ".fc1."),
        (".mlp.2.", ".fc2."),
    ):
        name = name.replace(ours, theirs)
    return f"model.{name}"


def write_hugging_face(folder: Path, checkpoint: Checkpoint, *, shards: int = 1) -> None:
    folder.mkdir()
    dimensions = as_mapping(checkpoint.dimensions)
    config = {"model_type": "whisper"} | {CONFIG_KEYS[key]: n for key, n in dimensions.items()}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "generation_config.json").write_text(json.dumps({"alignment_heads": [[1, 1]]}))
    named = {hugging_face_name(name): np.asarray(t) for name, t in checkpoint.tensors.items()}
    named["proj_out.weight"] = named["model.decoder.embed_tokens.weight"]
    if shards == 1:
        safetensors.save_file(named, folder / "model.safetensors")
        return
    places = {name: f"model-{place % shards}.safetensors" for place, name in enumerate(named)}
    for file in set(places.values()):
        own = {name: tensor for name, tensor in named.items() if places[name] == file}
        safetensors.save_file(own, folder / file)
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": places}))


@pytest.mark.parametrize("shards", [1, 3])
def test_a_hugging_face_folder(tmp_path: Path, checkpoint: Checkpoint, shards: int) -> None:
    write_hugging_face(tmp_path / "model", checkpoint, shards=shards)
    found = load_checkpoint(tmp_path / "model")
    assert same(found, checkpoint)
    assert found.timing_heads == ((1, 1),)


def test_a_hugging_face_folder_in_bfloat16(tmp_path: Path, checkpoint: Checkpoint) -> None:
    rounded = {name: each.astype(ml_dtypes.bfloat16) for name, each in checkpoint.tensors.items()}
    write_hugging_face(tmp_path / "model", replace(checkpoint, tensors=rounded))
    assert same(load_checkpoint(tmp_path / "model"), replace(checkpoint, tensors=rounded))


def test_our_file_with_all_rows_and_with_shared(tmp_path: Path, checkpoint: Checkpoint) -> None:
    write_ironbird_file(tmp_path / "all", checkpoint)
    assert same(load_checkpoint(tmp_path / "all"), checkpoint)
    rows = np.minimum(np.arange(51865), 99).astype(np.int32)
    embedding = checkpoint.tensors["decoder.token_embedding.weight"][rows]
    tensors = dict(checkpoint.tensors) | {"decoder.token_embedding.weight": embedding}
    compact = replace(checkpoint, tensors=tensors)
    write_ironbird_file(tmp_path / "compact", compact, compact_rows=rows)
    found = load_checkpoint(tmp_path / "compact")
    assert same(found, compact)
    assert found.alignment_heads == ((1, 1),)
    assert (tmp_path / "compact").stat().st_size < (tmp_path / "all").stat().st_size / 6


def test_a_checkpoint_of_openai(tmp_path: Path, checkpoint: Checkpoint) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    state = {name: torch.tensor(np.asarray(t)) for name, t in checkpoint.tensors.items()}
    content = {"dims": as_mapping(DIMENSIONS), "model_state_dict": state}
    path = tmp_path / "model.pt"
    torch.save(content, path)
    found = load_checkpoint(path)
    assert same(found, checkpoint)
    assert found.timing_heads == ((1, 0), (1, 1))
    whole = path.read_bytes()
    other_opcode = whole.replace(
        b"ctorch._utils\n_rebuild_tensor_v2", b"atorch._utils\n_rebuild_tensor_v2"
    )
    for damaged in (whole[: len(whole) // 2], other_opcode):
        path.write_bytes(damaged)
        with pytest.raises(UsageError, match=rf"^{path} is damaged, cut off, or holds more than w"):
            load_checkpoint(path)
    torch.save({"weights": state}, path)
    with pytest.raises(UsageError) as refused:
        load_checkpoint(path)
    assert str(refused.value) == (
        f"{path} is not a checkpoint of Whisper\n"
        "  because: it holds weights; a checkpoint holds dims and model_state_dict"
    )


def cut_off(path: Path) -> str:
    path.write_bytes(path.read_bytes()[:-100])
    return r" is not a whole safetensors file\n  because: .*\n  try: download or make it again$"


def ggml(path: Path) -> str:
    path.write_bytes(b"lmgg" + bytes(100))
    return r" is a ggml file, as whisper.cpp reads it, which is not read here\n  try: an OpenAI"


def empty(path: Path) -> str:
    path.write_bytes(b"")
    return r" is not a model file\n  because: it has 0 bytes\n  try: an OpenAI"


def other_safetensors(path: Path) -> str:
    safetensors.save_file({"x": np.zeros(2)}, path)
    return r" is safetensors, but not a model file of Ironbird\n  because: its format is None, not "


def no_file(path: Path) -> str:
    path.unlink()
    return r" cannot be read\n  because: No such file or directory$"


@pytest.mark.parametrize("spoil", [cut_off, ggml, empty, other_safetensors, no_file])
def test_damaged_and_foreign_files(
    tmp_path: Path, checkpoint: Checkpoint, spoil: Callable[[Path], str]
) -> None:
    path = tmp_path / "model"
    write_ironbird_file(path, checkpoint)
    expected = spoil(path)
    with pytest.raises(UsageError, match=rf"^(the model )?{path}{expected}"):
        load_checkpoint(path)


def test_folders_that_are_no_model(tmp_path: Path, checkpoint: Checkpoint) -> None:
    (tmp_path / "model.bin").write_bytes(b"x")
    with pytest.raises(UsageError) as found:
        load_checkpoint(tmp_path)
    assert str(found.value) == (
        f"{tmp_path} is a CTranslate2 folder, as faster-whisper reads it\n  try: {FIX}"
    )
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    with pytest.raises(UsageError) as found:
        load_checkpoint(tmp_path)
    assert str(found.value) == (
        f"{tmp_path} is not a Whisper model\n  because: config.json states model_type 'bert'"
    )
    write_hugging_face(tmp_path / "half", checkpoint)
    (tmp_path / "half" / "model.safetensors").unlink()
    with pytest.raises(UsageError) as found:
        load_checkpoint(tmp_path / "half")
    assert str(found.value) == (
        f"{tmp_path}/half has no model.safetensors\n"
        "  because: it holds config.json, generation_config.json\n"
        "  try: weights in safetensors; pickled ones are not read from a folder"
    )


def test_a_file_that_disagrees_with_its_dimensions(checkpoint: Checkpoint) -> None:
    wrong = dict(checkpoint.tensors) | {"decoder.ln.bias": np.zeros(3, np.float32)}
    with pytest.raises(UsageError) as found:
        replace(checkpoint, tensors=wrong)
    assert str(found.value) == (
        "a random model: the tensor decoder.ln.bias has the wrong shape\n"
        "  because: it is [3]; the dimensions imply [64]"
    )
    wrong.pop("decoder.ln.bias")
    with pytest.raises(UsageError) as found:
        replace(checkpoint, tensors=wrong | {"extra": np.zeros(1)})
    assert str(found.value) == (
        "a random model does not hold the tensors of its dimensions\n"
        "  because: missing: decoder.ln.bias; not of a Whisper model: extra"
    )
    with pytest.raises(UsageError) as found:
        replace(checkpoint, alignment_heads=((0, 2),))
    assert str(found.value) == (
        "a random model: the alignment head 2 of layer 0 does not exist\n"
        "  because: the decoder has 2 layers of 2 heads"
    )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"n_vocab": 50000}, "n_vocab is 50000; Whisper's vocabularies have 51864, 51865, 51866"),
        ({"n_mels": 40}, "n_mels is 40; Whisper has 80 or 128"),
        ({"n_audio_ctx": 750}, "n_audio_ctx is 750; a window has 1500 positions"),
        ({"n_text_head": 3}, "n_text_state is 64, not an even number for 3 heads each"),
    ],
)
def test_dimensions_that_no_whisper_has(change: dict[str, int], problem: str) -> None:
    with pytest.raises(UsageError) as found:
        ModelDimensions(**(as_mapping(DIMENSIONS) | change))
    assert str(found.value) == (
        f"these are not the dimensions of a Whisper model\n  because: {problem}"
    )


def test_a_published_name_without_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that happens to have the name is not the model."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "turbo").mkdir()
    with pytest.raises(UsageError) as found:
        load_checkpoint("turbo", folder=tmp_path)
    assert str(found.value) == (
        "the model turbo is not here\n"
        f"  because: {tmp_path}/large-v3-turbo.pt does not exist, and nothing is downloaded\n"
        "  try: put large-v3-turbo.pt there, or give the path of a model"
    )


def test_a_path_is_never_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for given in (Path("turbo"), Path("demo"), "./turbo", "./demo"):
        with pytest.raises(UsageError) as found:
            load_checkpoint(given)
        assert str(found.value) == (
            f"the model {Path(given)} cannot be read\n  because: No such file or directory\n"
            f"  try: one of the names {Path(given)}"
        )


def test_published_heads_agree_with_openai_whisper(openai_whisper: ModuleType) -> None:
    import torch

    sizes = {"tiny": (4, 6), "base": (6, 8), "small": (12, 12), "medium": (24, 16)}
    sizes |= dict.fromkeys(("large-v1", "large-v2", "large-v3"), (32, 20))
    sizes["large-v3-turbo"] = (4, 20)
    for name, heads in ALIGNMENT_HEADS.items():
        layers, count = sizes[name.removesuffix(".en")]
        model = torch.nn.Module()
        model.dims = type("Dims", (), {"n_text_layer": layers, "n_text_head": count})
        mask = openai_whisper._ALIGNMENT_HEADS[name]
        openai_whisper.model.Whisper.set_alignment_heads(model, mask)
        places = model.alignment_heads.indices().T.tolist()
        assert heads == tuple(map(tuple, places))
