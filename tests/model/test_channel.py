"""What the texts of a file mean as channels."""

from __future__ import annotations

from pathlib import Path

import pytest

from condaenv_tools.errors import ParseError
from condaenv_tools.model.channel import Channel, expand_channels
from condaenv_tools.model.platform import Platform


def one(text: str, **options: object) -> Channel:
    (channel,) = expand_channels([text], **options)  # type: ignore[arg-type]
    return channel


ORG = "https://conda.anaconda.org"


@pytest.mark.parametrize(
    ("text", "name", "url"),
    [
        ("conda-forge", "conda-forge", f"{ORG}/conda-forge"),
        ("conda-forge/", "conda-forge", f"{ORG}/conda-forge"),
        ("conda-forge/label/dev", "conda-forge/label/dev", f"{ORG}/conda-forge/label/dev"),
        ("conda-forge/linux-64", "conda-forge", f"{ORG}/conda-forge"),
        (f"{ORG}/conda-forge", "conda-forge", f"{ORG}/conda-forge"),
        (f"{ORG}/conda-forge/", "conda-forge", f"{ORG}/conda-forge"),
        (f"{ORG}/conda-forge/noarch/", "conda-forge", f"{ORG}/conda-forge"),
        (f"{ORG}/conda-forge/linux-64/repodata.json", "conda-forge", f"{ORG}/conda-forge"),
        (f"{ORG}/conda-forge/linux-64/xz-1-0.conda", "conda-forge", f"{ORG}/conda-forge"),
        (f"{ORG}/t/tk-1/team", "team", f"{ORG}/team"),
        ("conda.anaconda.org/conda-forge", "conda-forge", f"{ORG}/conda-forge"),
        ("pkgs/main", "pkgs/main", "https://repo.anaconda.com/pkgs/main"),
        ("https://repo.anaconda.com/pkgs/main/win-64", "pkgs/main", "https://repo.anaconda.com/pkgs/main"),
        ("HTTPS://Conda.Example.ORG:443//Team/", "https://conda.example.org/Team", None),
        ("http://conda.example.org:8080/team", "http://conda.example.org:8080/team", None),
        ("http://conda.example.org:8080/@me/team", "http://conda.example.org:8080/@me/team", None),
        ("https://${HOST}/team", "https://${HOST}/team", "https://${HOST}/team"),
        ("https://$USER:${TOKEN}@conda.example.org/team", "https://conda.example.org/team", None),
        ("https://conda.example.org/t/${TOKEN}/team", "https://conda.example.org/team", None),
        ("${CHANNELS}/team/linux-64", "${CHANNELS}/team", "${CHANNELS}/team"),
        ("file:///srv/chan/linux-64/", "file:///srv/chan", "file:///srv/chan"),
        ("file://localhost/srv/chan", "file:///srv/chan", "file:///srv/chan"),
        ("file:///srv/a b", "file:///srv/a%20b", "file:///srv/a%20b"),
        ("/srv/a b", "file:///srv/a%20b", "file:///srv/a%20b"),
        ("C:\\chan\\a", "file:///C:/chan/a", "file:///C:/chan/a"),
        ("C:/chan/a/", "file:///C:/chan/a", "file:///C:/chan/a"),
        ("file://C:/chan", "file:///C:/chan", "file:///C:/chan"),
        ("\\\\server\\share\\chan", "file://server/share/chan", "file://server/share/chan"),
        ("https://conda.example.org/käse", "https://conda.example.org/k%C3%A4se", None),
    ],
)
def test_a_text_is_a_channel(text: str, name: str, url: str | None) -> None:
    channel = one(text)
    assert (channel.name, channel.url) == (name, url or name)
    assert channel.text.endswith(text)
    assert str(channel) == name


@pytest.mark.parametrize(
    ("text", "path"), [("./chan", "chan"), ("../other/", "../other"), (".", ""), ("./chan/linux-64", "chan")]
)
def test_a_path_is_relative_to_the_file(tmp_path: Path, text: str, path: str) -> None:
    expected = Path(*tmp_path.parts[:-1], "other") if path.startswith("..") else tmp_path / path
    assert one(text, base_dir=tmp_path).url == expected.as_uri().rstrip("/")


def test_home_is_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setenv("USERPROFILE", "/home/me")
    assert one("~/chan").url.endswith("/home/me/chan")


@pytest.mark.parametrize(
    ("platform", "names"),
    [
        (None, ["pkgs/main", "pkgs/r", "pkgs/msys2"]),
        (Platform.WIN_64, ["pkgs/main", "pkgs/r", "pkgs/msys2"]),
        (Platform.LINUX_64, ["pkgs/main", "pkgs/r"]),
    ],
    ids=str,
)
def test_defaults_are_their_members(platform: Platform | None, names: list[str]) -> None:
    assert [c.name for c in expand_channels(["defaults"], platform=platform)] == names


def test_order_stays_and_each_channel_counts_once() -> None:
    texts = ["nodefaults", "bioconda", f"{ORG}/conda-forge/", "pkgs/main", "conda-forge", "defaults"]
    found = expand_channels(texts, platform=Platform.LINUX_64)
    assert [c.name for c in found] == ["bioconda", "conda-forge", "pkgs/main", "pkgs/r"]


def test_another_alias() -> None:
    channel = one("team", channel_alias="https://mirror.example.org/conda/")
    assert (channel.name, channel.url) == ("team", "https://mirror.example.org/conda/team")


@pytest.mark.parametrize(
    "text",
    [
        *("", "  ", "local", "conda-forge::numpy", "conda-forge,defaults", "a b", "*", "<x>"),
        *("ftp://x/y", "https://", "https:///x", "https://h:port/x", "https://h/a b"),
        *("https://h/x?token=abc", "file://rel/x"),
    ],
)
def test_garbage_is_told_with_a_hint(text: str) -> None:
    with pytest.raises(ParseError) as caught:
        one(text)
    assert caught.value.hints


@pytest.mark.parametrize(
    ("text", "secret_url"),
    [
        ("https://me:hunter2@h.example/team/linux-64", "https://me:hunter2@h.example/team"),
        ("https://me:hunter2@H.example:443/team", "https://me:hunter2@h.example/team"),
        ("https://me:hunter2#1@h.example/team", "https://me:hunter2%231@h.example/team"),
        ("https://me:hunter2@1@h.example/team", "https://me:hunter2%401@h.example/team"),
        ("https://me:hunter2/1@h.example/team", "https://me:hunter2%2F1@h.example/team"),
        ("https://h.example/t/hunter2/team/", "https://h.example/t/hunter2/team"),
        ("https://h.example/api/t/hunter2/team/", "https://h.example/api/t/hunter2/team"),
        (f"{ORG}/t/hunter2/team", f"{ORG}/t/hunter2/team"),
        ("conda.anaconda.org/t/hunter2/team", f"{ORG}/t/hunter2/team"),
    ],
)
def test_a_secret_is_connected_with_and_never_shown(text: str, secret_url: str) -> None:
    channel = one(text)
    assert channel.secret_url == secret_url
    assert "hunter2" not in f"{channel!r} {channel} {channel.url} {channel.name}"
    assert channel == one(channel.url)


@pytest.mark.parametrize(
    "text",
    [
        "https://me:hunter2@h:port/x",
        "https://me:hunter2#a@h/x?y",
        "ftp://me:a@hunter2@h/x",
        "https://h/t/hunter2/x?y",
    ],
)
def test_no_error_shows_a_secret(text: str) -> None:
    with pytest.raises(ParseError) as caught:
        one(text)
    assert "hunter2" not in f"{caught.value} {caught.value!r}"


def test_expanding_its_own_urls_changes_nothing() -> None:
    found = expand_channels(["conda-forge", "defaults", "/srv/a b", "https://${H}/x", "C:\\a"])
    assert expand_channels([c.url for c in found]) == found
