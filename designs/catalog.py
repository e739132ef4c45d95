"""Every design there is: `CATALOG[name]` is its module. Tests and tools iterate over it."""

from types import ModuleType

from designs import (
    add,
    attention,
    conv1d,
    encoder_block,
    ffn,
    gelu,
    gelu_i8,
    layer_norm,
    layer_norm_i8,
    linear,
    linear_w8a8,
    log_mel,
    matmul,
    mel_i8,
    mv,
    mv_w8a8,
    packed_attention,
    packed_matmul,
    passthrough,
    quantise,
    reduce_max,
    scale,
    softmax,
    top_k,
    transpose,
    vector_add,
)

CATALOG: dict[str, ModuleType] = {
    module.__name__.rpartition(".")[2]: module
    for module in (
        passthrough,
        vector_add,
        scale,
        transpose,
        reduce_max,
        softmax,
        top_k,
        gelu,
        gelu_i8,
        layer_norm,
        layer_norm_i8,
        matmul,
        linear,
        linear_w8a8,
        quantise,
        mv,
        mv_w8a8,
        packed_matmul,
        packed_attention,
        conv1d,
        add,
        attention,
        log_mel,
        mel_i8,
        ffn,
        encoder_block,
    )
}
