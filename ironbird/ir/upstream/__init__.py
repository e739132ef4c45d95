"""MLIR's own dialects where xDSL's differ: operations it lacks, texts it spells otherwise.

Operations are xDSL's classes wherever it has them; `PARSERS` and `PRINTERS` replace how some of
them are read and printed, so that an operation built elsewhere prints right as well.
"""
