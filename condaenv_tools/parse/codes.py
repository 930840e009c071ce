"""The codes of all findings that reading gives: what each means, why it matters, a bad and a good example.

CE1xx syntax and shape, CE2xx specs and names, CE3xx channels, CE4xx pip section, CE5xx portability and
reproducibility, CE6xx secrets and safety. The pages of the docs are made from this table.
"""

from __future__ import annotations

from dataclasses import dataclass

from condaenv_tools.model.finding import Severity

__all__ = ["CODES", "Code"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What a code stands for.

    Attributes
    ----------
    code : str
        ``CE`` and three digits.
    title : str
        A few words.
    severity : Severity
        As a rule; a finding may be milder where its case is.
    reason : str
        Why it matters, and to which tool.
    bad, good : str
        A short file that has the finding, and the same without.
    """

    code: str
    title: str
    severity: Severity
    reason: str
    bad: str
    good: str


def _table(*codes: Code) -> dict[str, Code]:
    return {code.code: code for code in codes}


def _code(code: str, severity: Severity, title: str, reason: str, bad: str, good: str) -> Code:  # noqa: PLR0913, PLR0917 - a row of a table
    return Code(code=code, severity=severity, title=title, reason=reason, bad=bad, good=good)


_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

#: Every code, in order.
CODES: dict[str, Code] = _table(
    _code(
        "CE101",
        _ERROR,
        "the file is not YAML",
        "No tool can read the file; one misplaced character is enough.",
        "dependencies:\n  - 'numpy\n",
        "dependencies:\n  - numpy\n",
    ),
    _code(
        "CE102",
        _ERROR,
        "the file is not text",
        "YAML is Unicode: UTF-8, or UTF-16 with a byte order mark, without control characters.",
        "name: caf\\xe9\n",
        "name: cafe\n",
    ),
    _code(
        "CE103",
        _ERROR,
        "the file is empty",
        "conda refuses an empty file, and a file of comments is empty.",
        "# numpy\n",
        "dependencies:\n  - numpy\n",
    ),
    _code(
        "CE104",
        _ERROR,
        "the file is not a mapping",
        "An environment file has keys at the left margin: name, channels, dependencies.",
        "- numpy\n- pip\n",
        "dependencies:\n  - numpy\n  - pip\n",
    ),
    _code(
        "CE105",
        _ERROR,
        "the file is nested or multiplied beyond all sense",
        "Deep nesting and aliases of aliases exhaust memory and stack of the tools that follow them.",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
        "dependencies:\n  - numpy\n",
    ),
    _code(
        "CE106",
        _ERROR,
        "a key is written twice",
        "conda refuses the file; micromamba takes the first, conda-lock the last.",
        "dependencies: [numpy]\ndependencies: [scipy]\n",
        "dependencies: [numpy, scipy]\n",
    ),
    _code(
        "CE107",
        _WARNING,
        "an unknown key",
        "Tools ignore what they do not know (CEP 24), so a misspelled section is silently empty.",
        "dependancies:\n  - numpy\n",
        "dependencies:\n  - numpy\n",
    ),
    _code(
        "CE108",
        _ERROR,
        "a section of the wrong type",
        "Tools fail, or take a text letter by letter.",
        "channels: conda-forge\n",
        "channels:\n  - conda-forge\n",
    ),
    _code(
        "CE109",
        _ERROR,
        "an item that is not a text",
        "A spec, channel or requirement is a text; YAML made something else of it.",
        "dependencies:\n  - 7\n",
        "dependencies:\n  - python=3.12\n",
    ),
    _code(
        "CE110",
        _ERROR,
        "an unknown subsection of dependencies",
        "A tool must not go on when it cannot process a subsection (CEP 24); all know pip alone.",
        "dependencies:\n  - npm:\n      - left-pad\n",
        "dependencies:\n  - nodejs\n",
    ),
    _code(
        "CE111",
        _ERROR,
        "an unreadable selector",
        "Where a selector cannot be decided, nobody knows on which platforms its line counts.",
        "dependencies:\n  - pywin32  # [windows]\n",
        "dependencies:\n  - pywin32  # [win]\n",
    ),
    _code(
        "CE112",
        _WARNING,
        "a comment that looks like a selector",
        "conda-lock takes text in brackets for a selector and leaves the line out on every platform.",
        "dependencies:\n  - numpy  # [see issue 5]\n",
        "dependencies:\n  - numpy  # see issue 5\n",
    ),
    _code(
        "CE113",
        _WARNING,
        "selectors that not all tools read",
        "conda and micromamba do not know comment selectors and install the line everywhere; conda refuses "
        "`sel(...)`, and conda-lock leaves it out.",
        "dependencies:\n  - pywin32  # [win]\n",
        "dependencies:\n  - numpy\n",
    ),
    _code(
        "CE114",
        _WARNING,
        "both kinds of selector in one file",
        "No tool reads both kinds, and CEP 24 advises against it.",
        "dependencies:\n  - a  # [win]\n  - sel(osx): b\n",
        "dependencies:\n  - a  # [win]\n  - b  # [osx]\n",
    ),
    _code(
        "CE115",
        _ERROR,
        "more than one document",
        "conda and conda-lock refuse the file, micromamba reads the first document only.",
        "dependencies: [numpy]\n---\ndependencies: [scipy]\n",
        "dependencies: [numpy, scipy]\n",
    ),
    _code(
        "CE116",
        _WARNING,
        "a tag",
        "conda ignores tags, conda-lock refuses the file; an environment file has no use for one.",
        "dependencies: !mine [numpy]\n",
        "dependencies: [numpy]\n",
    ),
    _code(
        "CE117",
        _WARNING,
        "an item that spans lines",
        "YAML folds a deeper line into the one above it: two lines become one spec.",
        "dependencies:\n  - numpy\n    - scipy\n",
        "dependencies:\n  - numpy\n  - scipy\n",
    ),
    _code(
        "CE118",
        _WARNING,
        "no dependencies",
        "CEP 24 requires the section; conda makes an empty environment, conda-lock fails.",
        "name: x\n",
        "name: x\ndependencies:\n  - python\n",
    ),
    _code(
        "CE119",
        _WARNING,
        "line ends of old Macs",
        "micromamba does not know a carriage return alone for a line end, and reads one line.",
        "name: x\\rdependencies: [numpy]\\r",
        "name: x\ndependencies: [numpy]\n",
    ),
    _code(
        "CE201",
        _ERROR,
        "a spec that cannot be read",
        "conda refuses the whole file for one such line.",
        "dependencies:\n  - numpy>>1\n",
        "dependencies:\n  - numpy>1\n",
    ),
    _code(
        "CE202",
        _WARNING,
        "the same package twice",
        "Both lines must hold at once; conda-lock keeps only the last.",
        "dependencies:\n  - numpy>=1.26\n  - numpy<2\n",
        "dependencies:\n  - numpy>=1.26,<2\n",
    ),
    _code(
        "CE203",
        _ERROR,
        "a mapping in the place of a spec",
        "The colon made a mapping: the version is lost, and tools see a subsection that they do not know.",
        "dependencies:\n  - python: 3.10\n",
        "dependencies:\n  - python=3.10\n",
    ),
    _code(
        "CE204",
        _WARNING,
        "a version that probably lost its zero",
        "3.10 is a number to YAML, and some tool wrote it back as 3.1.",
        "dependencies:\n  - python=3.1\n",
        "dependencies:\n  - python=3.10\n",
    ),
    _code(
        "CE205",
        _WARNING,
        "an operator that is read otherwise",
        "conda reads `=>1.2` as greater than, fuzzily; micromamba reads something else.",
        "dependencies:\n  - numpy=>1.2\n",
        "dependencies:\n  - numpy>=1.2\n",
    ),
    _code(
        "CE206",
        _ERROR,
        "a name that an environment cannot have",
        "The name becomes a folder: `/`, space, `:` and `#` are forbidden (CEP 24).",
        "name: my env\ndependencies: [numpy]\n",
        "name: my-env\ndependencies: [numpy]\n",
    ),
    _code(
        "CE207",
        _WARNING,
        "a reserved or converted name",
        "`base` and `root` are conda's own environment; a number may lose its last zero on the way.",
        "name: base\ndependencies: [numpy]\n",
        "name: analysis\ndependencies: [numpy]\n",
    ),
    _code(
        "CE208",
        _WARNING,
        "a part that conda passes over",
        "conda reads the spec without it and says nothing: extras belong to pip.",
        "dependencies:\n  - dask[complete]\n",
        "dependencies:\n  - dask\n",
    ),
    _code(
        "CE209",
        _ERROR,
        "a virtual package that cannot be read",
        "A solver must not guess what a machine has.",
        "subdirs: {linux-64: {packages: {glibc: 2.28}}}\n",
        "subdirs: {linux-64: {packages: {__glibc: 2.28}}}\n",
    ),
    _code(
        "CE301",
        _INFO,
        "no channels",
        "Each tool then takes channels of its own configuration; condaenv takes conda-forge.",
        "dependencies:\n  - numpy\n",
        "channels:\n  - conda-forge\n  - nodefaults\ndependencies:\n  - numpy\n",
    ),
    _code(
        "CE302",
        _WARNING,
        "the same channel twice",
        "The second has no effect, and hints at a slip.",
        "channels: [conda-forge, conda-forge]\n",
        "channels: [conda-forge]\n",
    ),
    _code(
        "CE303",
        _INFO,
        "nodefaults is missing",
        "conda appends the channels of its own configuration (CEP 24), so two machines may differ.",
        "channels:\n  - conda-forge\n",
        "channels:\n  - conda-forge\n  - nodefaults\n",
    ),
    _code(
        "CE304",
        _ERROR,
        "a text that is no channel",
        "No channel has such a name, so every tool that asks for it fails.",
        "channels:\n  - conda-forge,\ndependencies: [numpy]\n",
        "channels:\n  - conda-forge\ndependencies: [numpy]\n",
    ),
    _code(
        "CE401",
        _ERROR,
        "a requirement that pip cannot read",
        "pip stops at the line (PEP 508), after all conda packages were installed.",
        "dependencies:\n  - pip\n  - pip:\n      - numpy>>1\n",
        "dependencies:\n  - pip\n  - pip:\n      - numpy>1\n",
    ),
    _code(
        "CE402",
        _ERROR,
        "a single = in the pip section",
        "conda's `=` is not pip's: pip wants `==`.",
        "dependencies:\n  - pip\n  - pip:\n      - requests=2.0\n",
        "dependencies:\n  - pip\n  - pip:\n      - requests==2.0\n",
    ),
    _code(
        "CE403",
        _WARNING,
        "pip is not among the dependencies",
        "conda adds pip itself and warns; micromamba and others do as they like.",
        "dependencies:\n  - python\n  - pip:\n      - requests\n",
        "dependencies:\n  - python\n  - pip\n  - pip:\n      - requests\n",
    ),
    _code(
        "CE404",
        _ERROR,
        "a pip section that is no list",
        "conda hands the text to pip letter by letter or fails.",
        "dependencies:\n  - pip\n  - pip: requests\n",
        "dependencies:\n  - pip\n  - pip:\n      - requests\n",
    ),
    _code(
        "CE405",
        _WARNING,
        "an empty pip section",
        "Lines meant for pip are probably indented too little, and become conda packages.",
        "dependencies:\n  - pip\n  - pip:\n  - requests\n",
        "dependencies:\n  - pip\n  - pip:\n      - requests\n",
    ),
    _code(
        "CE406",
        _WARNING,
        "a pip section at the top",
        "Tools ignore it: pip stands inside dependencies.",
        "dependencies:\n  - pip\npip:\n  - requests\n",
        "dependencies:\n  - pip\n  - pip:\n      - requests\n",
    ),
    _code(
        "CE407",
        _WARNING,
        "more than one pip section",
        "conda keeps the last one only; micromamba and conda-lock take all.",
        "dependencies:\n  - pip\n  - pip: [a]\n  - pip: [b]\n",
        "dependencies:\n  - pip\n  - pip: [a, b]\n",
    ),
    _code(
        "CE408",
        _WARNING,
        "pip lines that not all tools read",
        "conda-lock leaves editable lines out, and refuses options, paths and other files.",
        "dependencies:\n  - pip\n  - pip:\n      - -r requirements.txt\n",
        "dependencies:\n  - pip\n  - pip:\n      - requests\n",
    ),
    _code(
        "CE490",
        _WARNING,
        "the pip section is left out",
        "With --conda-only the lock is only the conda part of the environment.",
        "dependencies:\n  - pip\n  - pip:\n      - requests\n",
        "dependencies:\n  - requests\n",
    ),
    _code(
        "CE501",
        _INFO,
        "a prefix",
        "A path of one machine; conda and others ignore it in a file that is shared.",
        "prefix: /home/me/env\ndependencies: [numpy]\n",
        "name: env\ndependencies: [numpy]\n",
    ),
    _code(
        "CE502",
        _ERROR,
        "an unknown platform",
        "The names are those of a channel's subdirs: linux-64, osx-arm64, win-64.",
        "platforms: [linux64]\ndependencies: [numpy]\n",
        "platforms: [linux-64]\ndependencies: [numpy]\n",
    ),
    _code(
        "CE503",
        _ERROR,
        "noarch as a platform",
        "noarch is a folder of a channel and no machine (CEP 24).",
        "platforms: [noarch]\ndependencies: [numpy]\n",
        "platforms: [linux-64]\ndependencies: [numpy]\n",
    ),
    _code(
        "CE504",
        _WARNING,
        "the same platform twice",
        "The second has no effect, and hints at a slip.",
        "platforms: [linux-64, linux-64]\n",
        "platforms: [linux-64, osx-arm64]\n",
    ),
    _code(
        "CE505",
        _ERROR,
        "a variable name that no shell takes",
        "A name has letters, digits and underscores, and does not begin with a digit.",
        "variables:\n  MY-VAR: x\ndependencies: [numpy]\n",
        "variables:\n  MY_VAR: x\ndependencies: [numpy]\n",
    ),
    _code(
        "CE506",
        _WARNING,
        "a variable that is no text",
        "It is converted (CEP 24), and tools convert differently: `yes` may become `True`.",
        "variables:\n  DEBUG: yes\ndependencies: [numpy]\n",
        'variables:\n  DEBUG: "yes"\ndependencies: [numpy]\n',
    ),
    _code(
        "CE507",
        _INFO,
        "exact builds",
        "A build string belongs to one platform; the file cannot be solved on another.",
        "dependencies:\n  - numpy=1.26.4=py312heda63a1_0\n",
        "dependencies:\n  - numpy=1.26.4\n",
    ),
    _code(
        "CE508",
        _WARNING,
        "a path of one machine",
        "Nobody else has that file.",
        "channels: [/home/me/channel]\n",
        "channels: [conda-forge]\n",
    ),
    _code(
        "CE601",
        _WARNING,
        "a credential in a channel",
        "Whoever reads the file has the password; it also lands in logs.",
        "channels:\n  - https://me:secret@conda.example.org/team\n",
        "channels:\n  - https://conda.example.org/team\n",
    ),
    _code(
        "CE602",
        _WARNING,
        "a credential in the pip section",
        "Whoever reads the file has the password; it also lands in logs.",
        "dependencies:\n  - pip\n  - pip:\n      - --index-url https://me:secret@pip.example.org/simple\n",
        "dependencies:\n  - pip\n  - pip:\n      - --index-url https://${USER}:${TOKEN}@pip.example.org/simple\n",
    ),
    _code(
        "CE603",
        _WARNING,
        "a credential in a spec",
        "Whoever reads the file has the password; it also lands in logs.",
        "dependencies:\n  - https://me:secret@conda.example.org/noarch/a-1-0.conda\n",
        "dependencies:\n  - https://conda.example.org/noarch/a-1-0.conda\n",
    ),
    _code(
        "CE604",
        _WARNING,
        "a tag that asks for code",
        "A careless YAML loader would run it; here, and in conda, it is plain data.",
        'dependencies: !!python/object/apply:os.system ["numpy"]\n',
        "dependencies: [numpy]\n",
    ),
)
