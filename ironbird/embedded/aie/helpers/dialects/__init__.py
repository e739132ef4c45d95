"""`aie.helpers.dialects`."""
