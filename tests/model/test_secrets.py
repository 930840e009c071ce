"""What is masked, and what stays: secrets in URLs, in assignments, and keys of known shapes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from condaenv_tools.model.secret_shapes import is_placeholder, is_secret_name, mask_assignments, mask_keys
from condaenv_tools.model.secrets import MASK, has_credentials, mask_credentials, mask_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://me:hunter2@h.example.org/x", f"https://{MASK}@h.example.org/x"),
        ("https://h.example.org/t/tk-1-2/team", f"https://h.example.org/t/{MASK}/team"),
        ("https://h.example.org/x?a=1&token=abc#f", f"https://h.example.org/x?a=1&token={MASK}#f"),
        ("https://${USER}:${TOKEN}@h.example.org/x", "https://${USER}:${TOKEN}@h.example.org/x"),
        ("https://h.example.org/t/${TOKEN}/x", "https://h.example.org/t/${TOKEN}/x"),
        ("https://h.example.org/x?token=${TOKEN}", "https://h.example.org/x?token=${TOKEN}"),
        ("git+ssh://git@h.example.org/a.git", "git+ssh://git@h.example.org/a.git"),
        ("x hf_" + "aB3dE" * 7 + " y", f"x {MASK} y"),
    ],
)
def test_a_text_is_shown_without_its_secrets(text: str, shown: str) -> None:
    assert mask_credentials(text) == shown
    assert has_credentials(text) is (text != shown)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("  API_TOKEN: abc123  # mine", f"  API_TOKEN: {MASK}  # mine"),
        ('  "API_TOKEN": "abc 123"', f'  "API_TOKEN": "{MASK}"'),
        ("variables: {API_TOKEN: abc123, B: c}", f"variables: {{API_TOKEN: {MASK}, B: c}}"),
        ("  - API_TOKEN=abc123", f"  - API_TOKEN={MASK}"),
        ("  API_TOKEN: 'never closed", f"  API_TOKEN: '{MASK}'"),
        ("  API_TOKEN: ${API_TOKEN}", "  API_TOKEN: ${API_TOKEN}"),
        ("  - token=1.2  # [linux]", "  - token=1.2  # [linux]"),
        ("  TOKENIZERS_PARALLELISM: off4", "  TOKENIZERS_PARALLELISM: off4"),
    ],
)
def test_a_value_is_masked_that_its_name_gives_away(line: str, shown: str) -> None:
    assert mask_line(line) == shown


@given(st.text(), st.sampled_from(["API_TOKEN", "DB_PASSWORD", "SECRET"]))
def test_masking_twice_is_masking_once_and_the_name_stays(text: str, name: str) -> None:
    line = f"{name}: {text}"
    masked = mask_line(line)
    assert mask_line(masked) == masked
    assert masked.startswith(name)


@given(st.text(alphabet="abcdefghijklmnop0123456789", min_size=8, max_size=30))
def test_a_value_is_never_shown_beside_its_name(value: str) -> None:
    secret = f"q{value}9z"
    assert is_secret_name("DB_PASSWORD")
    assert not is_placeholder(secret)
    for written in (secret, f'"{secret}"', f"'{secret}'"):
        assert secret not in mask_assignments(f"  DB_PASSWORD: {written}")


def test_a_hash_is_no_key() -> None:
    line = "https://h.example.org/a-1-0.conda#sha256=" + "0123456789abcdef" * 4
    assert mask_keys(line) == line
    assert mask_line(line) == line
