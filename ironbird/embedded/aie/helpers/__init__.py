"""`aie.helpers`."""
