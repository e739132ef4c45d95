"""Floor 7: IRON programs. Importing this package provides `aie`: the real one or the embedded one."""

import ironbird.provide  # noqa: F401  (before any design imports `aie`)
