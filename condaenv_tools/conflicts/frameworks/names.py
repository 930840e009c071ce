"""Which names a matrix has columns for. What goes with what is never written here: the records say it."""

from __future__ import annotations

__all__ = ["CUDA_EVIDENCE", "CUDNN", "DRIVER", "FRAMEWORKS", "GUESTS", "NUMPY", "PYTHON", "PYTHON_ABI"]

PYTHON, PYTHON_ABI, NUMPY, CUDNN, DRIVER = "python", "python_abi", "numpy", "cudnn", "__cuda"
#: What says for which CUDA a build is, the surest first.
CUDA_EVIDENCE = ("cuda-version", "cudatoolkit", "pytorch-cuda", "cuda-cudart")
#: A dependency on one of these has a column of its own.
FRAMEWORKS = ("pytorch", "tensorflow", "jax", "jaxlib", "keras")
#: What is built upon a package and wants certain releases of it: a column with the releases that take it.
GUESTS: dict[str, tuple[str, ...]] = {
    "jax": ("flax",),
    "jaxlib": ("jax",),
    "keras": ("tensorflow-base", "tensorflow"),
    "libtorch": ("pytorch",),
    "pytorch": ("torchvision", "torchaudio"),
}
