"""Decides, once, which `aie` a program gets (being written)."""
