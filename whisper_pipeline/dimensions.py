"""The sizes of a Whisper model, and the tensors that they imply."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from ironbird.base.errors import UsageError
from whisper_pipeline.log_mel import WINDOW_FRAMES
from whisper_pipeline.tokenizer import VOCABULARY_SIZES

MEL_COUNTS = (80, 128)


@dataclass(frozen=True)
class ModelDimensions:
    """Named as in the checkpoints of openai-whisper. Units: elements, positions, layers, heads."""

    n_mels: int
    n_audio_ctx: int
    n_audio_state: int
    n_audio_head: int
    n_audio_layer: int
    n_vocab: int
    n_text_ctx: int
    n_text_state: int
    n_text_head: int
    n_text_layer: int

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if type(value) is not int or value < 1:
                raise UsageError(f"{field.name} of a Whisper model is {value!r}, not a size")
        problem = self._problem()
        if problem is not None:
            raise UsageError("these are not the dimensions of a Whisper model", because=problem)

    def _problem(self) -> str | None:
        if self.n_vocab not in VOCABULARY_SIZES:
            sizes = ", ".join(map(str, VOCABULARY_SIZES))
            return f"n_vocab is {self.n_vocab}; Whisper's vocabularies have {sizes}"
        if self.n_mels not in MEL_COUNTS:
            return f"n_mels is {self.n_mels}; Whisper has 80 or 128"
        if self.n_audio_ctx * 2 != WINDOW_FRAMES:
            return f"n_audio_ctx is {self.n_audio_ctx}; a window has {WINDOW_FRAMES // 2} positions"
        if self.n_audio_state != self.n_text_state:
            return (
                f"n_audio_state is {self.n_audio_state} and n_text_state {self.n_text_state}; "
                "the decoder reads the encoder's states, so they are equal"
            )
        for side in ("audio", "text"):
            state, heads = getattr(self, f"n_{side}_state"), getattr(self, f"n_{side}_head")
            if state % (2 * heads):
                return f"n_{side}_state is {state}, not an even number for {heads} heads each"
        return None


def dimensions_from(values: Any, source: str) -> ModelDimensions:
    """The dimensions that a file states; `source` names it in errors."""
    if not isinstance(values, Mapping):
        raise UsageError(
            f"{source} does not state the dimensions of a Whisper model",
            because=f"they are of type {type(values).__name__}, not names with sizes",
        )
    expected = {field.name for field in fields(ModelDimensions)}
    if set(values) != expected:
        missing, unknown = sorted(expected - set(values)), sorted(map(str, set(values) - expected))
        raise UsageError(
            f"{source} does not state the dimensions of a Whisper model",
            because=f"missing: {', '.join(missing) or '-'}; unknown: {', '.join(unknown) or '-'}",
        )
    try:
        return ModelDimensions(**values)
    except UsageError as error:
        raise UsageError(f"{source}: {error.what}", because=error.because) from error


def as_mapping(dimensions: ModelDimensions) -> dict[str, int]:
    """What `dimensions_from` reads."""
    return asdict(dimensions)


def tensor_shapes(dimensions: ModelDimensions) -> dict[str, tuple[int, ...]]:
    """The name and shape of every tensor of a model, named as in openai-whisper's checkpoints."""
    width, vocabulary = dimensions.n_text_state, dimensions.n_vocab
    shapes: dict[str, tuple[int, ...]] = {
        "encoder.conv1.weight": (width, dimensions.n_mels, 3),
        "encoder.conv1.bias": (width,),
        "encoder.conv2.weight": (width, width, 3),
        "encoder.conv2.bias": (width,),
        "encoder.positional_embedding": (dimensions.n_audio_ctx, width),
        "decoder.token_embedding.weight": (vocabulary, width),
        "decoder.positional_embedding": (dimensions.n_text_ctx, width),
    }
    for index in range(dimensions.n_audio_layer):
        shapes |= _block_shapes(f"encoder.blocks.{index}", width, attentions=("attn",))
    for index in range(dimensions.n_text_layer):
        shapes |= _block_shapes(f"decoder.blocks.{index}", width, attentions=("attn", "cross_attn"))
    for name in ("encoder.ln_post", "decoder.ln"):
        shapes |= {f"{name}.weight": (width,), f"{name}.bias": (width,)}
    return shapes


def _block_shapes(
    prefix: str, width: int, *, attentions: tuple[str, ...]
) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {}
    for attention in attentions:
        for part in ("query", "key", "value", "out"):
            shapes[f"{prefix}.{attention}.{part}.weight"] = (width, width)
            if part != "key":
                shapes[f"{prefix}.{attention}.{part}.bias"] = (width,)
        shapes[f"{prefix}.{attention}_ln.weight"] = (width,)
        shapes[f"{prefix}.{attention}_ln.bias"] = (width,)
    shapes[f"{prefix}.mlp.0.weight"] = (4 * width, width)
    shapes[f"{prefix}.mlp.0.bias"] = (4 * width,)
    shapes[f"{prefix}.mlp.2.weight"] = (width, 4 * width)
    shapes[f"{prefix}.mlp.2.bias"] = (width,)
    shapes[f"{prefix}.mlp_ln.weight"] = (width,)
    shapes[f"{prefix}.mlp_ln.bias"] = (width,)
    return shapes
