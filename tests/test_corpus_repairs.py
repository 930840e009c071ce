"""What mends a folder of files is counted by kind; the figures themselves are not judged here."""

from __future__ import annotations

from pathlib import Path

from benchmarks.corpus_repairs import repairs
from tests.builders import record, write_channel

FILES = {
    "good.yml": "channels: [toy]\nplatforms: [linux-64]\ndependencies: [b]\n",
    "pair.yml": "channels: [toy]\nplatforms: [linux-64]\ndependencies: [a=1, b=2]\n",
    "name.yml": "channels: [toy, elsewhere]\nplatforms: [linux-64]\ndependencies: [b, lost]\n",
    "flag.yml": "channels: [toy]\nplatforms: [linux-64]\ndependencies: [b, gpu]\n",
    "broken.yml": "dependencies: [a ==]\n",
}


def test_each_file_is_counted_by_what_mends_it(tmp_path: Path) -> None:
    write_channel(
        tmp_path / "snap" / "toy",
        [
            record("a", "1.0", "b <2"),
            record("a", "2.0", "b"),
            record("b", "1.0"),
            record("b", "2.0"),
            record("gpu", "1.0", "__cuda >=12"),
        ],
    )
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    lines = list(repairs(sorted(tmp_path.glob("*.yml")), tmp_path / "snap"))
    told = {line.partition(":")[0]: line.partition(": ")[2].partition(" (")[0] for line in lines[:3]}
    assert told == {"flag.yml": "drop, virtual-package", "name.yml": "drop", "pair.yml": "widen one"}
    assert "     3  mended" in lines
    assert "     1  solves as it is" in lines
    assert "     1  not solved for another reason (ParseError)" in lines
