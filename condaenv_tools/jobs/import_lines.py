"""Lines for pip turned into conda requirements, where a conda package is known and conda can say what they say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from condaenv_tools.channels.names import conda_names, pypi_names
from condaenv_tools.errors import InvalidMatchSpecError, ParseError, UnsupportedError
from condaenv_tools.model.environment import Dependency, PipItem, PipKind
from condaenv_tools.model.finding import Finding, Severity, sort_findings
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.names import CondaName, pypi_name
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.secrets import MASK, has_credentials, mask_credentials
from condaenv_tools.model.selector import Selector
from condaenv_tools.model.version_spec import VersionSpec
from condaenv_tools.parse.codes import CODES
from condaenv_tools.parse.inputs.conda_versions import conda_clauses, conda_spec_text
from condaenv_tools.parse.markers import Decision, candidate_pythons, decide_marker
from condaenv_tools.parse.platform_selector import selector_of
from condaenv_tools.parse.report import Report, quoted

__all__ = ["Lines", "Translator", "bare_url", "conda_package"]

#: A package that holds more distributions than this carries others along, and is meant by none of them, unless
#: the name of one begins as its own (`ray` in `ray-core`).
MAX_HELD = 3

_HASH_OPTION = re.compile(r"\s*\\?\s*--hash[=\s]\s*\S+")
_HASH_FRAGMENT = re.compile(r"#(?:sha256|sha384|sha512|md5)=[0-9a-fA-F]+")


def conda_package(dist: str) -> CondaName | None:
    """Return the conda-forge package that stands for a PyPI distribution; None where none surely does.

    Examples
    --------
    >>> conda_package("torch"), conda_package("no-such-dist")
    ('pytorch', None)
    """
    wanted = pypi_name(dist)
    for name in conda_names(dist) or ():
        plain = pypi_name(name)
        if plain.startswith(wanted) or wanted.startswith(plain) or len(pypi_names(name) or ()) <= MAX_HELD:
            return name
    return None


def bare_url(text: str) -> str:
    """Return a text without the users, passwords and tokens of its URLs.

    Examples
    --------
    >>> bare_url("https://me:hunter2@example.org/t/tk-1/team")
    'https://example.org/team'
    """
    return mask_credentials(text).replace(f"{MASK}@", "").replace(f"/t/{MASK}", "")


@dataclass(slots=True)
class _Wish:
    """What is asked of one conda package on the same platforms, gathered from all lines that name it."""

    items: list[PipItem] = field(default_factory=list)
    clauses: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class Lines:
    """What became of the lines.

    Attributes
    ----------
    conda : list of Dependency
        In the order of the text; a package once for each selector.
    pip : list of PipItem
        Those that stay pip's, in the order of the text.
    """

    conda: list[Dependency] = field(default_factory=list)
    pip: list[PipItem] = field(default_factory=list)


class Translator:
    """Turns lines for pip into conda requirements.

    Parameters
    ----------
    report : Report
        Where it is told what stays pip's, and why.
    python : VersionSpec or None
        The condition on Python, by which markers are decided.
    platforms : tuple of Platform
        Those that the file is for; all, where it names none.
    keep : frozenset of str
        Normalised names that stay pip's; ``*`` stands for all.
    """

    def __init__(
        self,
        report: Report,
        *,
        python: VersionSpec | None,
        platforms: Iterable[Platform],
        keep: frozenset[str],
    ) -> None:
        self.report = report
        self.pythons = candidate_pythons(python)
        self.platforms = frozenset(platforms) or frozenset(Platform)
        self.keep = keep
        self.hashed: PipItem | None = None
        self._elsewhere: list[Finding] = []

    def translate(self, items: Iterable[PipItem]) -> Lines:
        """Return what each line becomes; those that hold on no platform are told and left out."""
        lines = Lines()
        wishes: dict[tuple[CondaName, Selector | None], _Wish] = {}
        for item in items:
            decision = self._decide(item)
            if decision is not None and not (decision.platforms | decision.undecided) & self.platforms:
                self._tell_nowhere(item)
                continue
            name = None if "*" in self.keep or item.name in self.keep else self._package(item, decision)
            if name is None:
                self._stay(lines, item)
                continue
            self._wish(wishes, name, item, decision)
        for (name, selector), wish in wishes.items():
            self._grant(lines, name, selector, wish)
        if self.hashed is not None:
            message = "hashes are left out: a lock made from the environment.yml has hashes again"
            self._tell("CE136", message, self.hashed)
        return lines

    def _grant(self, lines: Lines, name: CondaName, selector: Selector | None, wish: _Wish) -> None:
        """Add one conda requirement for all lines that ask for a package."""
        text = conda_spec_text(name, tuple(wish.clauses))
        first = wish.items[0]
        try:
            spec = MatchSpec.parse(text)
        except InvalidMatchSpecError as error:
            self._tell("CE141", f"{quoted(first.text)} stays in the pip section: {error.reason}", first)
            for item in wish.items:
                self._stay(lines, item)
            return
        lines.conda.append(Dependency(span=first.span, selector=selector, text=text, spec=spec))

    def _tell(
        self, code: str, message: str, item: PipItem, *, hint: str = "", severity: Severity | None = None
    ) -> None:
        if item.span.path == self.report.source.path:
            self.report.add(code, message, item.span.start, item.span.end, hint=hint, severity=severity)
            return
        # A line of a file that the file names: its text is not at hand, its place is.
        self._elsewhere.append(
            Finding(
                code=code,
                severity=severity or CODES[code].severity,
                message=message,
                path=item.span.path,
                span=item.span,
                hint=hint,
            )
        )

    def findings(self) -> tuple[Finding, ...]:
        """Return all that was told, in the order of the texts."""
        return sort_findings([*self.report.findings(), *self._elsewhere])

    def _decide(self, item: PipItem) -> Decision | None:
        """Return where a line counts; None for everywhere."""
        if item.details.marker is None:
            return None
        try:
            return decide_marker(item.details.marker, self.pythons)
        except ParseError:
            return Decision(frozenset(), frozenset(Platform))

    def _tell_nowhere(self, item: PipItem) -> None:
        message = (
            f"{quoted(item.text)} is left out: its marker holds on no platform and no Python that is meant"
        )
        self._tell("CE140", message, item, severity=Severity.INFO)

    def _package(self, item: PipItem, decision: Decision | None) -> CondaName | None:
        """Return the conda package that a line may become; None, and told, where it stays pip's."""
        if item.kind is not PipKind.REQUIREMENT or item.name is None or item.selector is not None:
            return None
        name = conda_package(item.name)
        if name is None:
            message = f"no conda package is known for {quoted(item.name)}: it stays in the pip section"
            self._tell("CE143", message, item)
            return None
        if item.details.extras:
            message = f"conda has no extras, so {quoted(item.text)} stays in the pip section"
            hint = f"write {name} and the packages of the extras instead, if all of them are conda packages"
            self._tell("CE142", message, item, hint=hint)
            return None
        if decision is not None and decision.undecided & self.platforms:
            message = f"no selector can say the marker of {quoted(item.text)}: it stays in the pip section"
            self._tell(
                "CE140", message, item, hint="name one Python with --python, which decides such markers"
            )
            return None
        try:
            conda_clauses(item.details.specifier)
        except UnsupportedError as error:
            self._tell("CE141", f"{quoted(item.text)} stays in the pip section: {error.message}", item)
            return None
        return name

    def _wish(
        self,
        wishes: dict[tuple[CondaName, Selector | None], _Wish],
        name: CondaName,
        item: PipItem,
        decision: Decision | None,
    ) -> None:
        selector = None
        if decision is not None and not self.platforms <= decision.platforms:
            selector = selector_of(decision.platforms)
        wish = wishes.setdefault((name, selector), _Wish())
        wish.items.append(item)
        wish.clauses |= dict.fromkeys(conda_clauses(item.details.specifier))
        if item.details.hashes:
            self.hashed = self.hashed or item

    def _stay(self, lines: Lines, item: PipItem) -> None:
        """Keep a line for pip, without hashes, which would be asked of every other line too, and credentials."""
        text = item.text
        if item.details.hashes:
            self.hashed = self.hashed or item
            text = _HASH_FRAGMENT.sub("", _HASH_OPTION.sub("", text)).strip()
        lines.pip.append(self.without_secret(replace(item, text=text)))

    def without_secret(self, item: PipItem) -> PipItem:
        """Return a line without the credentials of its URL; tell that they are left out."""
        if not has_credentials(item.text):
            return item
        message = f"the credential in {quoted(item.text)} is left out"
        hint = "write a reference, https://${USER}:${TOKEN}@..., or keep it in .netrc"
        self._tell("CE149", message, item, hint=hint)
        return replace(item, text=bare_url(item.text))
