"""Trace buffers read back: words to packets, to commands, to a timeline, to cycle counts.

packets   words as units' streams of bytes and commands, in upstream's shapes
units     which event stands in which slot, from the module that was run
timeline  both together as Chrome trace events
summary   cycles between marks, from a timeline's file

Signatures: mlir-aie python/utils/trace (April 2026).
"""
