"""Pictures of access patterns, with matplotlib if it is installed; it is no dependency of ours."""

from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from ironbird.base.errors import ToolError

Order = npt.NDArray[np.int64]
MOST_ELEMENTS_WITH_ARROWS = 32 * 32


def visualize_from_accesses(
    access_order_tensor: Order,
    access_count_tensor: Order | None,
    title: str = "Access Visualization",
    show_arrows: bool | None = None,
    file_path: str | None = None,
    show_plot: bool = True,
) -> None:
    """Draw when each element is visited, and how often if a count is given.

    show_arrows: from visit to visit; None: where the tensor is small. file_path: save it there.
    Raises ToolError if matplotlib is not installed.
    """
    pyplot = _matplotlib("pyplot")
    pictures = [access_order_tensor] + (
        [] if access_count_tensor is None else [access_count_tensor]
    )
    figure, axes = pyplot.subplots(1, len(pictures), squeeze=False)
    figure.suptitle(title)
    for axis, picture, name in zip(axes[0], pictures, ("order", "count"), strict=False):
        axis.imshow(_as_matrix(picture))
        axis.set_title(name)
    arrows = show_arrows
    if arrows is None:
        arrows = access_order_tensor.size <= MOST_ELEMENTS_WITH_ARROWS
    if arrows:
        rows, columns = _visits(_as_matrix(access_order_tensor))
        axes[0][0].plot(columns, rows, color="black", linewidth=0.5)
    if file_path is not None:
        figure.savefig(file_path)
    if show_plot:
        pyplot.show()
    pyplot.close(figure)


def animate_from_accesses(
    access_order_tensors: list[Order],
    access_count_tensors: list[Order] | None,
    title: str = "Animated Access Visualization",
) -> Any:
    """A matplotlib animation with one frame for each step. Raises ToolError without matplotlib."""
    pyplot, animation = _matplotlib("pyplot"), _matplotlib("animation")
    figure, axes = pyplot.subplots(1, 1 if access_count_tensors is None else 2, squeeze=False)
    figure.suptitle(title)

    def draw(step: int) -> list[Any]:
        drawn = [axes[0][0].imshow(_as_matrix(access_order_tensors[step]))]
        if access_count_tensors is not None:
            drawn.append(axes[0][1].imshow(_as_matrix(access_count_tensors[step])))
        return drawn

    return animation.FuncAnimation(figure, draw, frames=len(access_order_tensors))


def _as_matrix(tensor: Order) -> Order:
    return tensor.reshape(-1, tensor.shape[-1])


def _visits(order: Order) -> tuple[Order, Order]:
    """Rows and columns in the order of the visits."""
    visited = np.argwhere(order >= 0)
    ranked = visited[np.argsort(order[order >= 0], kind="stable")]
    return ranked[:, 0], ranked[:, 1]


def _matplotlib(part: str) -> Any:
    try:
        return import_module(f"matplotlib.{part}")
    except ImportError as missing:
        raise ToolError(
            "an access pattern cannot be drawn",
            because=f"matplotlib is not installed ({missing})",
            fix="pip install matplotlib, or print tap.access_order()",
        ) from None
