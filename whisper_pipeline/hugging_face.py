"""A Hugging Face folder: config.json, generation_config.json, safetensors in one or several."""

import re
from pathlib import Path
from typing import Any

from ironbird.base.errors import UsageError
from whisper_pipeline.checkpoint import Checkpoint, HeadPlaces, Tensor, head_places
from whisper_pipeline.dimensions import dimensions_from
from whisper_pipeline.json_text import stated
from whisper_pipeline.safetensors_file import read_safetensors

CONFIG_KEYS = {
    "n_mels": "num_mel_bins",
    "n_audio_ctx": "max_source_positions",
    "n_audio_state": "d_model",
    "n_audio_head": "encoder_attention_heads",
    "n_audio_layer": "encoder_layers",
    "n_vocab": "vocab_size",
    "n_text_ctx": "max_target_positions",
    "n_text_state": "d_model",
    "n_text_head": "decoder_attention_heads",
    "n_text_layer": "decoder_layers",
}

FIXED_KEYS = {"activation_function": "gelu", "scale_embedding": False}
"""What Whisper is trained with; another value makes it another model. May be left out."""

RENAMED = (
    (r"^model\.", ""),
    (r"^(encoder|decoder)\.embed_positions\.weight$", r"\1.positional_embedding"),
    (r"^decoder\.embed_tokens\.", "decoder.token_embedding."),
    (r"^encoder\.layer_norm\.", "encoder.ln_post."),
    (r"^decoder\.layer_norm\.", "decoder.ln."),
    (r"\.layers\.", ".blocks."),
    (r"\.self_attn_layer_norm\.", ".attn_ln."),
    (r"\.encoder_attn_layer_norm\.", ".cross_attn_ln."),
    (r"\.final_layer_norm\.", ".mlp_ln."),
    (r"\.self_attn\.", ".attn."),
    (r"\.encoder_attn\.", ".cross_attn."),
    (r"\.q_proj\.", ".query."),
    (r"\.k_proj\.", ".key."),
    (r"\.v_proj\.", ".value."),
    (r"\.out_proj\.", ".out."),
    (r"\.fc1\.", ".mlp.0."),
    (r"\.fc2\.", ".mlp.2."),
)

TIED = "proj_out.weight"
"""The head; the same numbers as the token embedding, where it is stored at all."""


def read_hugging_face(folder: Path) -> Checkpoint:
    """Raises UsageError for a folder that is not a Whisper model, or not whole."""
    config = _json(folder / "config.json")
    if config.get("model_type") != "whisper":
        raise UsageError(
            f"{folder} is not a Whisper model",
            because=f"config.json states model_type {config.get('model_type')!r}",
        )
    missing = sorted({key for key in CONFIG_KEYS.values() if key not in config})
    if missing:
        raise UsageError(f"{folder}/config.json lacks {', '.join(missing)}")
    for key, value in FIXED_KEYS.items():
        if config.get(key, value) != value:
            raise UsageError(
                f"{folder} is not a Whisper model",
                because=f"config.json states {key} {config[key]!r}; Whisper has {value!r}",
            )
    tensors: dict[str, Tensor] = {}
    for path in _weight_files(folder):
        tensors |= read_safetensors(path)[0]
    tensors.pop(TIED, None)
    return Checkpoint(
        dimensions_from({ours: config[key] for ours, key in CONFIG_KEYS.items()}, str(folder)),
        {openai_name(name): tensor for name, tensor in tensors.items()},
        alignment_heads=_alignment_heads(folder),
        source=str(folder),
    )


def openai_name(name: str) -> str:
    """The name that openai-whisper gives to a tensor of Hugging Face's model."""
    for pattern, replacement in RENAMED:
        name = re.sub(pattern, replacement, name)
    return name


def _weight_files(folder: Path) -> list[Path]:
    index = folder / "model.safetensors.index.json"
    if index.exists():
        return [folder / name for name in _shards(index)]
    single = folder / "model.safetensors"
    if not single.exists():
        others = ", ".join(sorted(path.name for path in folder.iterdir())) or "nothing"
        raise UsageError(
            f"{folder} has no model.safetensors",
            because=f"it holds {others}",
            fix="weights in safetensors; pickled ones are not read from a folder",
        )
    return [single]


def _shards(index: Path) -> list[str]:
    """The files that an index names; all of them in its folder."""
    places = _json(index).get("weight_map")
    names = list(places.values()) if isinstance(places, dict) else []
    if not names or not all(isinstance(name, str) and Path(name).name == name for name in names):
        raise UsageError(
            f"{index} does not say where weights are",
            because="its weight_map names no file for each tensor, or one in another folder",
        )
    return sorted(set(names))


def _alignment_heads(folder: Path) -> HeadPlaces | None:
    path = folder / "generation_config.json"
    return head_places(_json(path).get("alignment_heads"), str(path)) if path.exists() else None


def _json(path: Path) -> dict[str, Any]:
    try:
        content = stated(path.read_bytes(), str(path))
    except OSError as error:
        raise UsageError(f"{path} cannot be read", because=error.strerror) from error
    if not isinstance(content, dict):
        raise UsageError(f"{path} holds no JSON object")
    return content
