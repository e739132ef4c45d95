"""Floor 7: IRON programs. Importing this package provides `aie`, real or embedded."""

import ironbird.provide  # noqa: F401  (before any design imports `aie`)
