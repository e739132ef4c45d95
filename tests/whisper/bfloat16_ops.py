"""Ops whose products take operands in bfloat16 and add in float32, as a matrix unit does."""

from typing import Any

import ml_dtypes
import numpy as np

from whisper_pipeline.host_ops import Convolution, Embedding, HostOps, Linear
from whisper_pipeline.ops import Array, Texts


def rounded(values: Array) -> Array:
    """To the nearest bfloat16, even where two are as near; float32 in and out."""
    return np.asarray(values, ml_dtypes.bfloat16).astype(np.float32)


def truncated(values: Array) -> Array:
    """To the next bfloat16 towards 0."""
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
    return (bits & np.uint32(0xFFFF0000)).view(np.float32)


class BFloat16Ops(HostOps):
    """Norms, GELU, softmax and the residual streams stay in float32."""

    def lay_out_linear(self, weight: Array, bias: Array | None) -> Linear:
        return super().lay_out_linear(rounded(weight), bias)

    def lay_out_convolution(
        self, weight: Array, bias: Array, positions: Array | None = None
    ) -> Convolution:
        return super().lay_out_convolution(rounded(weight), bias, positions)

    def lay_out_embedding(self, weight: Array, positions: Array) -> Embedding:
        return super().lay_out_embedding(rounded(weight), positions)

    def project(self, x: Array, weights: Linear, **how: Any) -> Array:
        return super().project(self.operand(x), weights, **how)

    def pairs(self, audio: Array, weights: Linear, texts: Texts) -> Array:
        return super().pairs(self.operand(audio), weights, texts)

    def attend(self, query: Array, keys: Array, values: Array, hidden: Any = None) -> Array:
        operands = (self.operand(x) for x in (query, keys, values))
        return super().attend(*operands, hidden)

    def logits(self, x: Array, weights: Embedding) -> Array:
        return super().logits(self.operand(x), weights)

    def operand(self, x: Array) -> Array:
        """x as the matrix unit takes it."""
        return rounded(x)
