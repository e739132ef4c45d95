# A 1x1 convolution on channels in eights: layouts by DataShaper, batch norm folded in.
import pickle
import tempfile
from pathlib import Path

import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.kernels import conv2dk1, conv2dk1_ref
from aie.utils.ml import (
    CSVLogger,
    DataShaper,
    fuse_single_conv_bn_pair,
    load_class_label,
    unpickle,
)

W, CI, CO, SHIFT = 16, 16, 8, 7
kernel = conv2dk1(W, CI, CO)
x_ty = np.ndarray[(W * CI,), np.dtype[np.uint8]]
w_ty = np.ndarray[(CI * CO,), np.dtype[np.int8]]
y_ty = np.ndarray[(W * CO,), np.dtype[np.uint8]]


@iron.jit
def convolve(x: In, w: In, y: Out):
    of_x, of_w, of_y = (ObjectFifo(t, name=n) for t, n in ((x_ty, "x"), (w_ty, "w"), (y_ty, "y")))

    def core(x_end, w_end, y_end, conv):
        conv(x_end.acquire(1), w_end.acquire(1), y_end.acquire(1), SHIFT)
        for end in (x_end, w_end, y_end):
            end.release(1)

    def sequence(x, w, y, x_in, w_in, y_out):
        x_in.fill(x)
        w_in.fill(w)
        y_out.drain(y, wait=True)

    worker = Worker(core, [of_x.cons(), of_w.cons(), of_y.prod(), kernel])
    rt = Runtime(sequence, [x_ty, w_ty, y_ty, of_x.prod(), of_w.prod(), of_y.cons()])
    return Program(iron.get_current_device(), rt, workers=[worker]).resolve_program()


rng = np.random.default_rng(5)
image = rng.integers(0, 256, (CI, 1, W), dtype=np.uint8)
raw = rng.normal(0, 8, (CO, CI, 1, 1))
fused, bias = fuse_single_conv_bn_pair(
    np.zeros(CO), np.ones(CO) - 1e-5, np.full(CO, 2.0), np.zeros(CO), raw
)
np.testing.assert_allclose(fused, 2 * raw)
assert not bias.any()
weights = np.clip(np.rint(fused), -128, 127).astype(np.int8)

shaper = DataShaper()
x_mem = shaper.reorder_mat(image, "YCXC8", "CYX")
w_mem = shaper.reorder_mat(weights, "OIYXI8O8", "OIYX")
assert x_mem.shape == (1, CI // 8, W, 8)
assert shaper.get_dim_steps((CI, 1, W), "YCXC8", "CYX") == [(1, 0), (2, 8 * W), (W, 1), (8, W)]

y = iron.zeros(W * CO, dtype=np.uint8)
convolve(iron.tensor(x_mem.reshape(-1)), iron.tensor(w_mem.reshape(-1)), y)
result = shaper.reorder_mat(y.numpy().reshape(1, CO // 8, W, 8), "YCXC8", "CYX", inverse=True)
sums = np.einsum("cyx,oc->oyx", image.astype(np.int64), weights[:, :, 0, 0].astype(np.int64))
expected = np.clip((sums + (1 << SHIFT - 1)) >> SHIFT, 0, 255)
np.testing.assert_array_equal(result, expected)
flat = conv2dk1_ref(x_mem.reshape(-1), w_mem.reshape(-1), SHIFT, CI, CO)
np.testing.assert_array_equal(y.numpy(), flat)

with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    log = CSVLogger(folder / "log.csv", sep=";")
    log.set_columns(["channel", "largest"])
    for channel in range(CO):
        log.append([channel, result[channel].max()])
    log.close()
    lines = load_class_label(folder / "log.csv", CO + 1)
    assert lines[0] == "channel;largest" and lines[CO] == f"{CO - 1};{result[CO - 1].max()}"
    (folder / "labels.pkl").write_bytes(pickle.dumps({b"labels": [1, 2]}))
    assert unpickle(folder / "labels.pkl")[b"labels"] == [1, 2]
