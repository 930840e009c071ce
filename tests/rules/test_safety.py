"""Rules on safety: what is told, and that no secret is shown in any of it."""

from __future__ import annotations

import time

import pytest

from condaenv_tools.model.secrets import mask_credentials, mask_line
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.rules import safety_secrets
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.registry import run_rules
from tests.rules.found import findings_of, pip_file, told

#: Made here, so that no scanner takes them for real ones.
KEYS = {
    "AWS": "AKIA" + "Q7" * 8,
    "GitHub": "ghp_" + "a1B2" * 9,
    "GitLab": "glpat-" + "a1B2c3" * 4,
    "Hugging Face": "hf_" + "aB3dE" * 7,
    "OpenAI": "sk-" + "proj-" + "a1B2c3" * 6,
    "Slack": "xox" + "b-" + "1234567890-abcdef",
    "JWT": "eyJ" + "hbGciOiJIUzI1" + "." + "eyJ" + "zdWIiOiIxMjM0" + ".SflKxwRJSMeKKF2QT4",
}


def variables(**values: str) -> str:
    lines = "".join(f'  {name}: "{value}"\n' for name, value in values.items())
    return f"dependencies: [python]\nvariables:\n{lines}"


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_key_is_masked_wherever_it_stands(key: str) -> None:
    assert key not in mask_credentials(f"see {key}, please")
    for text in (variables(ANY=key), f"dependencies: [python]\n# {key}\n", pip_file(f"rich  # {key}")):
        parsed = parse_environment(text)
        findings = (*parsed.findings, *run_rules(Case(parsed, text)))
        assert any(finding.code in {"CE610", "CE611"} for finding in findings)
        assert all(key not in str(finding) + repr(finding) for finding in findings)
        assert key not in repr(parsed.environment)


def test_many_keys_are_looked_up_and_not_searched_for() -> None:
    key = "hf_" + "aB3dE" * 7
    text = "dependencies:\n" + "".join(f"  - https://x.example.org/{key}{i}::p{i}\n" for i in range(4000))
    case = Case(parse_environment(f"{text}# {key}\n"), f"{text}# {key}\n")
    rule = next(rule for rule in safety_secrets.RULES if rule.code.code == "CE611")
    start = time.perf_counter()
    assert len(list(rule.find(case))) == 1
    assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize(
    "name", ["HF_TOKEN", "DB_PASSWORD", "AWS_SECRET_ACCESS_KEY", "OPENAI_API_KEY", "apiKey"]
)
def test_a_secret_by_its_name(name: str) -> None:
    (finding,) = findings_of(variables(**{name: "hunter2x"}), "CE610")
    assert "hunter2x" not in str(finding)
    assert finding.source.strip() == f'{name}: "********"'


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOKENIZERS_PARALLELISM", "false"), ("MAX_TOKENS", "4096"), ("TOKEN", "${TOKEN}"),
        ("API_KEY", "changeme"),
        ("PASSWORD_FILE", "/run/secrets/db"), ("KEYBOARD", "qwertz"), ("SECRET_KEY", "<your key>"), ("TOKEN", ""),
        ("MKL_NUM_THREADS", "1"), ("PATIENT", "zero"),
    ],
)  # fmt: skip
def test_what_is_no_secret(name: str, value: str) -> None:
    assert not findings_of(variables(**{name: value}), "CE610")


def test_a_url_with_a_password_in_a_variable() -> None:
    (message,) = told(variables(DATABASE="postgres://me:hunter2@db.example.org/x"), "CE610")
    assert "hunter2" not in message


def test_a_number_that_is_a_password_is_not_shown_in_a_hint() -> None:
    text = "dependencies: [python]\nvariables:\n  DB_PASSWORD: 19721123\n"
    findings = (*parse_environment(text).findings, *findings_of(text))
    assert {"CE506", "CE610"} <= {finding.code for finding in findings}
    assert all("19721123" not in str(finding) for finding in findings)


@pytest.mark.parametrize(
    "line",
    ["  - secretstorage=3.3", "  - token=1.2", "  - pytest-token==1.2.3", "name: password", "TOKENIZERS: fast",
     "  - sk-learn-contrib-of-somebody-with-a-long-name"],
)  # fmt: skip
def test_an_ordinary_line_is_shown_as_it_is(line: str) -> None:
    assert mask_line(line) == line


@pytest.mark.parametrize(
    "text",
    [
        "channels: ['http://conda.example.org/team']\ndependencies: [python]\n",
        "dependencies: ['http://conda.example.org/noarch/a-1-0.conda']\n",
        pip_file("-i http://pip.example.org/simple"),
        pip_file("--find-links http://pip.example.org/wheels"),
        pip_file("git+http://git.example.org/a.git@main"),
        pip_file("a @ git+git://git.example.org/a.git@main"),
    ],
)
def test_plain_http(text: str) -> None:
    (finding,) = findings_of(text, "CE612")
    assert "example.org is asked over" in finding.message


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "[::1]:80", "conda.localhost"])
def test_the_own_machine_needs_no_encryption(host: str) -> None:
    assert not findings_of(f"channels: ['http://{host}/c']\ndependencies: [python]\n", "CE612")


def test_a_trusted_host() -> None:
    assert "pip.example.org" in told(pip_file("--trusted-host pip.example.org"), "CE613")[0]
    assert not findings_of(pip_file("--trusted-host localhost"), "CE613")


def test_two_indexes_are_warned_of_once() -> None:
    text = pip_file(
        "--extra-index-url https://a.example.org", "--extra-index-url https://b.example.org", "rich"
    )
    assert [str(f.severity) for f in findings_of(text, "CE614")] == ["warning", "info"]


@pytest.mark.parametrize("line", ["--trusted-host", "-i", "--find-links", "--extra-index-url"])
def test_an_option_without_its_value_is_told_by_reading_alone(line: str) -> None:
    text = pip_file("rich", line)
    assert not findings_of(text, "CE433") + findings_of(text, "CE613") + findings_of(text, "CE614")


def test_an_index_that_pip_drops_is_not_said_to_be_asked() -> None:
    text = pip_file("--extra-index-url https://a.example.org", "-i https://b.example.org", "rich")
    (finding,) = findings_of(text, "CE614")
    assert str(finding.severity) == "info"
    assert "pip drops" in finding.message
    text = pip_file("-i https://b.example.org", "--extra-index-url https://a.example.org", "rich")
    (finding,) = findings_of(text, "CE614")
    assert "is asked beside the index of --index-url" in finding.message


@pytest.mark.parametrize(
    "line", ["-f /home/me/wheels", "-i http://localhost:3141/root", "-f file:///srv/wheels", "-f C:/wheels"]
)
def test_an_index_of_one_machine(line: str) -> None:
    assert told(pip_file(line), "CE615")


def test_an_index_of_the_project_is_fine() -> None:
    assert not findings_of(pip_file("-f ./wheels", "-f https://a.example.org", "-f file:wheels"), "CE615")


@pytest.mark.parametrize(
    ("name", "value", "code", "severity"),
    [
        ("LD_PRELOAD", "/lib/x.so", "CE616", "warning"),
        ("PYTHONPATH", "src", "CE616", "warning"),
        ("PIP_INDEX_URL", "https://a.example.org", "CE616", "info"),
        ("PYTHONHTTPSVERIFY", "0", "CE617", "warning"),
        ("CONDA_SSL_VERIFY", "false", "CE617", "warning"),
        ("REQUESTS_CA_BUNDLE", "", "CE617", "warning"),
        ("SSL_CERT_FILE", "/etc/ssl/own.pem", "CE618", "info"),
    ],
)
def test_variables_that_change_what_runs_or_is_trusted(
    name: str, value: str, code: str, severity: str
) -> None:
    (finding,) = findings_of(variables(**{name: value}), "CE616", "CE617", "CE618")
    assert (finding.code, str(finding.severity)) == (code, severity)


@pytest.mark.parametrize(
    ("name", "value"),
    [("PYTHONHTTPSVERIFY", "1"), ("CONDA_SSL_VERIFY", "true"), ("OMP_NUM_THREADS", "4"), ("LD_PRELOAD", ""),
     ("SSL_CERT_FILE", "${CONDA_PREFIX}/ssl/cacert.pem")],
)  # fmt: skip
def test_variables_that_are_fine(name: str, value: str) -> None:
    assert not findings_of(variables(**{name: value}), "CE616", "CE617", "CE618")
