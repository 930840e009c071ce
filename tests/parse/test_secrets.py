"""No finding, error or repr of a file holds a password or token that stands in it, wherever it stands."""

from __future__ import annotations

import pytest

from condaenv_tools.errors import ParseError
from condaenv_tools.parse.environment_yml import loads_environment, parse_environment

SECRET = "hunter2secret"

URLS = {
    "password": f"https://me:{SECRET}@conda.example.org/x",
    "token": f"https://conda.example.org/t/{SECRET}/x",
    "query": f"https://conda.example.org/x?token={SECRET}",
    "git-token": f"git+https://{SECRET}@example.org/a/b.git",
    "at-sign-in-it": f"https://me:{SECRET}p@ss@example.org/x",
    "port": f"https://me:{SECRET}@example.org:8080/t/{SECRET}/x",
    "ssh": f"ssh://git:{SECRET}@example.org/x",
}

PLACES = {
    "channel": "channels:\n  - URL\ndependencies: [a]\n",
    "channels-text": "channels: URL\ndependencies: [a]\n",
    "channel-mapping": "channels:\n  - URL: x\n  - a: URL\n",
    "spec": "dependencies:\n  - URL\n",
    "spec-twice": "dependencies:\n  - URL/noarch/a-1-0.conda\n  - URL/noarch/a-1-0.conda\n",
    "channel-of-a-bad-spec": "dependencies:\n  - URL::numpy>>1\n",
    "behind-a-bad-spec": "dependencies: [numpy>>1]  # URL\n",
    "spec-mapping": "dependencies:\n  - URL: a\n  - a: URL\n",
    "spec-with-odd-character": "dependencies:\n  - 'URL \u200b'\n",
    "folded-spec": "dependencies:\n  - a\n    URL\n  - >-\n    foo\n    URL\n",
    "pip-text": "dependencies:\n  - pip: URL\n",
    "pip-lines": "dependencies:\n  - pip:\n    - URL\n    - foo @ URL\n    - foo>>1 URL\n",
    "pip-options": "dependencies:\n  - pip:\n"
    "    - --index-url URL\n    - --index-url=URL\n    - -i URL\n    - --foo URL\n",
    "comment-selector": "dependencies:\n  - a  # [URL]\n",
    "sel-key": "dependencies:\n  - sel(URL): a\n",
    "unknown-key": "URL: x\nfoo: URL\n",
    "repeated-key": "URL: 1\nURL: 2\n",
    "whole-file": "URL\n",
    "name": "name: URL\ndependencies: [a]\n",
    "prefix": "prefix: URL\ndependencies: [a]\n",
    "category": "category: [URL]\ndependencies: [a]\n",
    "variable": "variables:\n  A: URL\ndependencies: [a]\n",
    "variable-name": "variables:\n  URL: x\ndependencies: [a]\n",
    "variables-text": "variables: URL\n",
    "platform": "platforms: [URL]\ndependencies: [a]\n",
    "platforms-text": "platforms: URL\n",
    "tab": "dependencies:\n\t- URL\n",
    "open-quote": "dependencies:\n  - 'URL\n",
    "uneven": "dependencies:\n  - a\n - URL\n",
    "tag": "dependencies: !URL [a]\n",
    "alias": "dependencies:\n  - *URL\n",
}


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("place", PLACES)
def test_a_secret_is_told_nowhere(place: str, url: str) -> None:
    text = PLACES[place].replace("URL", URLS[url])
    parsed = parse_environment(text, path="e.yml")
    for finding in parsed.findings:
        assert SECRET not in f"{finding} {finding!r} {finding._repr_html_()}"
    if parsed.errors:
        with pytest.raises(ParseError) as caught:
            loads_environment(text)
        assert SECRET not in f"{caught.value} {caught.value!r}"


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("place", ["channel", "spec", "pip-lines", "pip-options", "variable"])
def test_no_repr_of_what_was_read_holds_a_secret(place: str, url: str) -> None:
    parsed = parse_environment(PLACES[place].replace("URL", URLS[url]), path="e.yml")
    environment = parsed.environment
    assert environment is not None
    assert SECRET not in f"{environment!r} {environment._repr_html_()} {parsed!r} {parsed._repr_html_()}"


def test_the_text_itself_is_kept_for_whoever_connects() -> None:
    text = PLACES["channel"].replace("URL", URLS["password"])
    assert loads_environment(text).channels[0].text == URLS["password"]


def test_a_reference_to_a_variable_is_no_secret() -> None:
    text = PLACES["channel"].replace("URL", "https://${USER}:${TOKEN}@conda.example.org/x")
    parsed = parse_environment(text, path="e.yml")
    assert not [finding for finding in parsed.findings if finding.code.startswith("CE6")]
