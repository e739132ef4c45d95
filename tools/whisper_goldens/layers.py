"""What each layer of Whisper gives at true dimensions, for random weights, by openai-whisper.

One window of features, then a text of 20 tokens in one pass. Of each layer are kept its norm and
1,536 values, spread so that every position of the text and of the audio states, and every channel,
is among them. The logits of a step after the beams have changed places are kept too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tools.whisper_goldens.random_model import (
    BASE,
    TINY,
    random_checkpoint,
    random_features,
    random_tokens,
)
from whisper_pipeline.checkpoint import Checkpoint
from whisper_pipeline.dimensions import ModelDimensions
from whisper_pipeline.ops import Array, Tokens

FILE = "layers.npz"
TOKEN_COUNT = 20
SAMPLE_COUNT = 1_536
BEAM_SOURCES = (2, 0, 2)
"""From row to row, after `TOKEN_COUNT` tokens in each of three."""

BEAMS = "beams"
"""The layer's name of the logits after that."""


@dataclass(frozen=True)
class Subject:
    """A model with random weights, and what it is given."""

    dimensions: ModelDimensions
    outlier_channel: bool = False

    def checkpoint(self) -> Checkpoint:
        """Drawn anew, in half a second for tiny."""
        return random_checkpoint(self.dimensions, outlier_channel=self.outlier_channel)

    @property
    def features(self) -> Array:
        """[1, n_mels, 3000]."""
        return np.asarray(random_features(self.dimensions, 1))

    @property
    def tokens(self) -> Tokens:
        """[1, TOKEN_COUNT]."""
        return np.asarray(random_tokens(self.dimensions, 1, TOKEN_COUNT))

    @property
    def beams(self) -> Tokens:
        """[3, TOKEN_COUNT + 1]: three texts, and the next token of each after the change."""
        return np.asarray(random_tokens(self.dimensions, len(BEAM_SOURCES), TOKEN_COUNT + 1))

    @property
    def layer_names(self) -> tuple[str, ...]:
        """Of the recorded layers, in the order of the computation."""
        return (
            *("encoder.conv1", "encoder.conv2"),
            *(f"encoder.blocks.{index}" for index in range(self.dimensions.n_audio_layer)),
            "encoder.ln_post",
            *(f"decoder.blocks.{index}" for index in range(self.dimensions.n_text_layer)),
            *("decoder.ln", "logits", BEAMS),
        )


SUBJECTS = {
    "tiny": Subject(TINY),
    "tiny_outlier": Subject(TINY, outlier_channel=True),
    "base": Subject(BASE),
}


@dataclass(frozen=True)
class Recorded:
    """Some values of a layer, and the norm of all."""

    samples: Array
    norm: float


def recorded_layers(folder: Path, name: str) -> Mapping[str, Recorded]:
    """What openai-whisper's layers of a subject gave, by layer."""
    with np.load(folder / FILE) as content:
        rows = zip(content[f"{name}.samples"], content[f"{name}.norms"], strict=True)
        return {
            layer: Recorded(samples, float(norm))
            for layer, (samples, norm) in zip(SUBJECTS[name].layer_names, rows, strict=True)
        }


def sampled(values: Array) -> Array:
    """`SAMPLE_COUNT` values of [positions, channels]; the steps are coprime to both sizes."""
    step = np.arange(SAMPLE_COUNT)
    return np.asarray(values[step * 7 % values.shape[0], step * 7_919 % values.shape[1]])


def record(folder: Path) -> None:
    content: dict[str, npt.NDArray[np.float32]] = {}
    for name, subject in SUBJECTS.items():
        layers = openai_layers(subject)
        in_order = [layers[layer] for layer in subject.layer_names]
        content[f"{name}.samples"] = np.stack([sampled(values) for values in in_order])
        content[f"{name}.norms"] = np.array([np.linalg.norm(values) for values in in_order])
    np.savez_compressed(folder / FILE, **content)


def openai_layers(subject: Subject) -> dict[str, Array]:
    """Each layer as [positions, channels]."""
    import torch
    from whisper.decoding import PyTorchInference

    from tools.whisper_goldens.torch_model import torch_model

    checkpoint = subject.checkpoint()
    model = torch_model(checkpoint)
    layers: dict[str, Array] = {}
    for name, module in model.named_modules():
        if name in ("encoder.conv1", "encoder.conv2"):
            module.register_forward_hook(_after_gelu(layers, name))
        elif name in subject.layer_names:
            module.register_forward_hook(_as_given(layers, name))
    with torch.no_grad():
        audio = model.encoder(torch.tensor(subject.features))
        layers["encoder.conv2"] += checkpoint.array("encoder.positional_embedding")
        layers["logits"] = model.decoder(torch.tensor(subject.tokens), audio)[0].numpy()
        one_pass = dict(layers)

        beams = torch.tensor(subject.beams)
        inference = PyTorchInference(model, TOKEN_COUNT)
        inference.logits(beams[:, :TOKEN_COUNT], audio)
        inference.rearrange_kv_cache(list(BEAM_SOURCES))
        after = inference.logits(beams, audio)[:, 0].numpy()
        inference.cleanup_caching()
    return one_pass | {BEAMS: after}


def _as_given(layers, name):  # type: ignore[no-untyped-def]
    def keep(_, __, output):  # type: ignore[no-untyped-def]
        layers[name] = output[0].numpy()

    return keep


def _after_gelu(layers, name):  # type: ignore[no-untyped-def]
    """The convolution's own output is before the GELU, and [channels, positions]."""

    def keep(_, __, output):  # type: ignore[no-untyped-def]
        from torch.nn.functional import gelu

        layers[name] = gelu(output)[0].numpy().T

    return keep
