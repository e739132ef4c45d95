"""The packages that programs import by another name: `aie`, found by `ironbird.provide`."""
