"""Rules on frameworks that do not go together: what a file shows by itself, and what it must not be accused of."""

from __future__ import annotations

import pytest

from condaenv_tools.rules.frameworks_torch import torch_of
from tests.rules.found import findings_of, pip_file, told


def conda_file(*specs: str, channels: str = "conda-forge") -> str:
    """A file with these lines in its conda part."""
    return f"channels: [{channels}]\ndependencies:\n" + "".join(f"  - {spec}\n" for spec in specs)


def test_tensorflow_1_ends_with_python_3_7() -> None:
    (found,) = findings_of(pip_file("tensorflow<2", conda=("python>=3.8",)), "CE230")
    assert found.span is not None
    assert (found.span.line, found.span.column) == (6, 10)
    assert found.message == (
        "`tensorflow<2` is TensorFlow 1, which ends with Python 3.7; line 3 asks for Python 3.8 or later"
    )


@pytest.mark.parametrize(
    "text",
    [
        pip_file("tensorflow<2", conda=("python=3.7",)),
        pip_file("tensorflow<2", conda=("python>=3.6",)),
        pip_file("tensorflow", conda=("python=3.12",)),
        pip_file("tensorflow>=1.15", conda=("python=3.12",)),
        pip_file("tensorflow<2; python_version < '3.8'", conda=("python>=3.8",)),
        pip_file("tensorflow<2", conda=("numpy",)),
        conda_file("python=3.8", "tensorflow=1.15", channels="our-builds"),
    ],
)
def test_a_file_that_may_have_tensorflow_1_is_left_alone(text: str) -> None:
    assert told(text, "CE230") == []


def test_tensorflow_1_on_conda_is_seen_as_well() -> None:
    assert told(conda_file("python=3.10", "tensorflow=1.15"), "CE230") == [
        "error: `tensorflow=1.15` is TensorFlow 1, which ends with Python 3.7; line 3 asks for Python 3.10"
    ]


@pytest.mark.parametrize(
    ("tensorflow", "keras", "why"),
    [
        ("tensorflow>=2.16", "keras<3", "TensorFlow 2.16 and later need Keras 3"),
        ("tensorflow=2.17", "keras=2.15", "TensorFlow 2.16 and later need Keras 3"),
        ("tensorflow=2.15", "keras>=3", "TensorFlow 2.15 needs Keras 2.15"),
        ("tensorflow=2.11", "keras=2.10", "TensorFlow 2.11 needs Keras 2.11"),
        ("tensorflow<2.16", "keras>=3", "Keras 3 needs TensorFlow 2.16 or later"),
    ],
)
def test_keras_is_of_the_generation_of_tensorflow(tensorflow: str, keras: str, why: str) -> None:
    found = told(conda_file("python=3.11", tensorflow, keras), "CE231")
    assert found == [f"error: `{keras}` does not go with `{tensorflow}` of line 4: {why}"]


def test_keras_of_the_pip_section_is_held_against_tensorflow_of_conda() -> None:
    found = findings_of(pip_file("keras==2.15.0", conda=("python=3.12", "tensorflow=2.17")), "CE231")
    assert [f.span.line for f in found if f.span] == [7]


@pytest.mark.parametrize(
    ("tensorflow", "keras"),
    [
        ("tensorflow", "keras"),
        ("tensorflow>=2.16", "keras"),
        ("tensorflow>=2.16", "keras>=3"),
        ("tensorflow>=2.15", "keras<3"),
        ("tensorflow<2.16", "keras"),
        ("tensorflow=2.15", "keras=2.15"),
        ("tensorflow=1.15", "keras=2.3"),
        ("tensorflow=2.4", "keras=2.4"),
        ("tensorflow>=2.16  # [linux]", "keras<3  # [osx]"),
    ],
)
def test_keras_that_may_fit_is_left_alone(tensorflow: str, keras: str) -> None:
    assert told(conda_file("python=3.11", tensorflow, keras), "CE231") == []


def test_two_distributions_of_tensorflow_overwrite_each_other() -> None:
    assert told(pip_file("tensorflow==2.11", "tensorflow-gpu==2.11"), "CE232") == [
        "warning: tensorflow-gpu installs the same files as `tensorflow==2.11` of line 6"
    ]
    assert len(told(pip_file("tensorflow-cpu", conda=("python", "tensorflow=2.15")), "CE232")) == 1


def test_packages_of_conda_that_ask_for_each_other_do_not() -> None:
    assert told(conda_file("python=3.11", "tensorflow", "tensorflow-gpu"), "CE232") == []


def test_the_empty_release_of_tensorflow_gpu() -> None:
    assert len(told(pip_file("tensorflow-gpu"), "CE233")) == 1
    assert len(told(pip_file("tensorflow-gpu>=2.4"), "CE233")) == 1
    assert told(pip_file("tensorflow-gpu==2.10.1"), "CE233") == []
    assert told(conda_file("python", "tensorflow-gpu"), "CE233") == []


def test_wheels_of_torch_and_its_partners_rise_together() -> None:
    assert told(pip_file("torch==2.1.0", "torchvision==0.8.2"), "CE234") == [
        "error: `torchvision==0.8.2` asks for torch 1.7, and line 6 is `torch==2.1.0`"
    ]
    assert len(told(pip_file("torchaudio==0.13.0+cu117", "torch==2.4.1"), "CE234")) == 1


@pytest.mark.parametrize(
    ("torch", "partner"),
    [
        ("torch==2.4.1", "torchvision==0.19.1"),
        ("torch==1.13.1", "torchaudio==0.13.1"),
        ("torch==2.6.0+cu124", "torchvision==0.21.0+cu124"),
        ("torch>=1.7", "torchvision==0.8.2"),
        ("torch", "torchvision==0.8.2"),
        ("torch==1.13.1", "torchvision==0.2.2"),
        ("torch==2.99.0", "torchvision==0.98.0"),
    ],
)
def test_partners_that_may_fit_are_left_alone(torch: str, partner: str) -> None:
    assert told(pip_file(torch, partner), "CE234") == []


def test_a_range_of_one_release_and_torch_of_conda_are_held_against_each_other() -> None:
    assert told(pip_file("torchvision>=0.17,<0.18", conda=("python", "pytorch=2.3")), "CE234") == [
        "error: `torchvision>=0.17,<0.18` asks for torch 2.2, and line 4 is `pytorch=2.3`"
    ]
    assert told(pip_file("torch>=2.2,<2.4", "torchvision>=0.16,<0.18"), "CE234") == []
    assert told(conda_file("python", "pytorch=2.3", "torchvision=0.17"), "CE234") == []
    both = pip_file("torch==2.2.0", "torchvision==0.17.0", conda=("python", "pytorch=2.3"))
    assert told(both, "CE234") == []


def test_the_table_of_numbers_ends_where_it_is_known_to_hold() -> None:
    assert torch_of("torchvision", 0, 4) is None
    assert torch_of("torchvision", 0, 23) == (2, 8)
    assert torch_of("torchvision", 0, 24) is None


def test_jaxlib_is_never_newer_than_jax() -> None:
    assert len(told(pip_file("jax==0.4.30", "jaxlib==0.4.31"), "CE234")) == 1
    assert len(told(conda_file("python", "jax=0.7.0", "jaxlib==0.7.2"), "CE234")) == 1
    assert told(pip_file("jax==0.4.31", "jaxlib==0.4.30"), "CE234") == []
    assert told(pip_file("jax>=0.4.30", "jaxlib==0.4.31"), "CE234") == []
    assert told(pip_file("jax==0.4.30", "jaxlib==0.4.30+cuda12.cudnn91"), "CE234") == []


def test_wheels_for_two_cudas() -> None:
    assert told(pip_file("torch==2.4.0+cu121", "torchvision==0.19.0+cu118"), "CE235") == [
        "warning: `torchvision==0.19.0+cu118` is built for cu118, and `torch==2.4.0+cu121` of line 6 for cu121"
    ]
    assert told(pip_file("torch==2.4.0+cu121", "torchvision==0.19.0"), "CE235") == []


def test_a_build_for_another_cuda_than_the_one_that_is_chosen() -> None:
    (found,) = told(conda_file("python", "cuda-version=11.8", "pytorch=2.6=cuda12*"), "CE235")
    assert found.removeprefix("warning: `pytorch=2.6=cuda12*` asks for a build for CUDA 12, and ") == (
        "`cuda-version=11.8` of line 4 for another"
    )


@pytest.mark.parametrize(
    ("chooser", "build"),
    [
        ("cuda-version>=12.9", "pytorch>=2.7.0=cuda12*"),
        ("cuda-version=12.8=3", "pytorch=2.5.1=py3.9_cuda12.1_cudnn9.1.0_0"),
        ("cuda-version", "pytorch=2.6=cuda118*"),
        ("cuda-version=12.6", "pytorch=2.6=cuda*"),
        ("cuda-version=12.6", "pytorch=2.6=cpu*"),
        ("cuda-version=12.6", "zlib=1.3.1=h0cu118a_0"),
    ],
)
def test_builds_that_may_fit_are_left_alone(chooser: str, build: str) -> None:
    assert told(conda_file("python", chooser, build), "CE235") == []
