"""`aie.helpers.dialects.ext`: the packages as they were laid out before 2025."""
