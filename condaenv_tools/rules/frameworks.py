"""Rules on machine-learning frameworks that do not go together, as far as a file shows it by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from condaenv_tools.model.finding import Finding
from condaenv_tools.parse.codes.code import ERROR, WARNING, code
from condaenv_tools.parse.report import quoted
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.framework_lines import FrameworkLine, framework_lines, pairs
from condaenv_tools.rules.pip_items import meet
from condaenv_tools.rules.pythons import allowed_pythons
from condaenv_tools.rules.record_facts import channels_of
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

_OLD = code(
    "CE230",
    ERROR,
    "TensorFlow 1 with a Python that it never had",
    "The last release of TensorFlow 1 is for Python 3.7 and earlier, so that there is nothing to install.",
    "channels: [conda-forge]\ndependencies:\n  - python=3.8\n  - pip\n  - pip:\n      - tensorflow<2\n",
    "channels: [conda-forge]\ndependencies:\n  - python=3.7\n  - pip\n  - pip:\n      - tensorflow<2\n",
)
_KERAS = code(
    "CE231",
    ERROR,
    "Keras of another generation than TensorFlow",
    "TensorFlow 2.16 and later work with Keras 3; one from 2.7 to 2.15 takes the Keras of its own number.",
    "channels: [conda-forge]\ndependencies:\n  - python=3.11\n  - tensorflow>=2.16\n  - keras<3\n",
    "channels: [conda-forge]\ndependencies:\n  - python=3.11\n  - tensorflow>=2.16\n  - keras>=3\n",
)
_TWICE = code(
    "CE232",
    WARNING,
    "two distributions of TensorFlow",
    "They install the same files: the last one wins, and whoever removes one breaks the other.",
    "channels: [conda-forge]\ndependencies:\n  - python=3.9\n  - pip\n  - pip:\n      - tensorflow==2.11\n"
    "      - tensorflow-gpu==2.11\n",
    "channels: [conda-forge]\ndependencies:\n  - python=3.9\n  - pip\n  - pip:\n      - tensorflow==2.11\n",
)
_GONE = code(
    "CE233",
    ERROR,
    "tensorflow-gpu, of which PyPI has no more",
    "Its last release, 2.12, is an empty one that refuses to be installed; tensorflow itself uses the GPU.",
    "channels: [conda-forge]\ndependencies:\n  - python=3.11\n  - pip\n  - pip:\n      - tensorflow-gpu\n",
    "channels: [conda-forge]\ndependencies:\n  - python=3.11\n  - pip\n  - pip:\n      - tensorflow\n",
)
#: TensorFlow of these minor versions asks for the Keras of its own number.
_SAME_KERAS = frozenset((2, minor) for minor in range(7, 16))
#: The first TensorFlow that works with Keras 3.
_KERAS_3 = (2, 16)
#: Channels of which it is known what they have of TensorFlow 1.
_KNOWN_CHANNELS = frozenset({"conda-forge", "defaults", "bioconda", "nvidia", "pytorch", "anaconda"})
_LAST_PYTHON = (3, 7)
_MINOR = re.compile(r"(\d+)\.(\d+)")


def _minor(text: str) -> tuple[int, int]:
    found = _MINOR.match(text)
    assert found is not None
    return int(found[1]), int(found[2])


def _find_old(case: Case) -> Iterator[Finding]:
    python = next(
        (i for i in case.environment.dependencies if i.name == "python" and i.selector is None), None
    )
    if python is None or python.spec.version is None:
        return
    left = sorted({_minor(text) for text in allowed_pythons(case.environment)})
    if not left or left[0] <= _LAST_PYTHON:
        return
    known = channels_of(c.text for c in case.environment.channels) <= _KNOWN_CHANNELS
    for line in framework_lines(case):
        if line.project != "tensorflow" or not line.only_before((2, 0)):
            continue
        if not line.is_pip and not known:
            continue
        message = (
            f"{quoted(line.text)} is TensorFlow 1, which ends with Python 3.7; line {python.span.line} asks "
        )
        message += f"for Python {left[0][0]}.{left[0][1]}" + (" or later" if len(left) > 1 else "")
        hint = "write python=3.7, or move the code to tensorflow>=2"
        yield case.finding(_OLD, message, line.span, hint=hint)


def _find_keras(case: Case) -> Iterator[Finding]:
    for tensorflow, keras in pairs(case, "tensorflow", "keras"):
        why = _keras_fault(tensorflow, keras)
        if not why:
            continue
        where = f"{quoted(tensorflow.text)} of line {tensorflow.span.line}"
        hint = "write tf-keras where Keras 2 is needed, or let one of the lines allow what the other asks for"
        if not tensorflow.only_from(_KERAS_3):
            hint = "let one of the lines allow what the other asks for, or leave the version of keras out"
        message = f"{quoted(keras.text)} does not go with {where}: {why}"
        yield case.finding(_KERAS, message, keras.span, hint=hint)


def _keras_fault(tensorflow: FrameworkLine, keras: FrameworkLine) -> str:
    """Return why a Keras does not go with a TensorFlow, or nothing where it may."""
    if tensorflow.only_from(_KERAS_3) and keras.only_before((3, 0)):
        return "TensorFlow 2.16 and later need Keras 3"
    if (
        len(tensorflow.minors) == 1
        and tensorflow.minors <= _SAME_KERAS
        and not tensorflow.minors & keras.minors
    ):
        (minor,) = {minor for _, minor in tensorflow.minors}
        return f"TensorFlow 2.{minor} needs Keras 2.{minor}"
    if tensorflow.only_before(_KERAS_3) and keras.only_from((3, 0)):
        return "Keras 3 needs TensorFlow 2.16 or later"
    return ""


def _find_twice(case: Case) -> Iterator[Finding]:
    lines = [line for line in framework_lines(case) if line.project == "tensorflow"]
    for one, other in combinations(lines, 2):
        # On conda's channels one of two such packages asks for the other; they are not two copies.
        if one.name == other.name or not other.is_pip or not meet(one.line, other.line):
            continue
        message = f"{other.name} installs the same files as {quoted(one.text)} of line {one.span.line}"
        yield case.finding(
            _TWICE, message, other.span, hint=f"keep one of lines {one.span.line} and {other.span.line}"
        )


def _find_gone(case: Case) -> Iterator[Finding]:
    for line in framework_lines(case):
        if line.is_pip and line.name == "tensorflow-gpu" and (2, 12) in line.minors:
            message = f"{quoted(line.text)} takes tensorflow-gpu 2.12, which only says that it is no more"
            yield case.finding(
                _GONE, message, line.span, hint="write tensorflow, which uses a GPU where there is one"
            )


RULES: tuple[Rule, ...] = (
    Rule(code=_OLD, find=_find_old),
    Rule(code=_KERAS, find=_find_keras),
    Rule(code=_TWICE, find=_find_twice),
    Rule(code=_GONE, find=_find_gone),
)
