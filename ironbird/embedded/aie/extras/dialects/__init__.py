"""`aie.extras.dialects`."""
