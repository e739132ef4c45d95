"""`aie.extras`."""
