"""`aie.dialects`."""
