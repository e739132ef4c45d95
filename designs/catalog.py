"""Every design there is: `CATALOG[name]` is its module. Tests and tools iterate over it."""

from types import ModuleType

from designs import (
    attention,
    conv1d,
    matmul,
    mv,
    mv_w8a8,
    passthrough,
    reduce_max,
    scale,
    softmax,
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
        matmul,
        mv,
        mv_w8a8,
        conv1d,
        attention,
    )
}
