"""The embedded `aie`: thin re-exports of ironbird under the names that mlir-aie uses."""
