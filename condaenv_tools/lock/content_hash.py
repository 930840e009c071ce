"""conda-lock's content hash, without conda-lock: the same hash for the same files and the same flags.

It is a hash of the input, not of the lock: sha256 of the JSON (keys sorted) of the channels, the requirements
and the repodata that conda-lock makes up for the virtual packages. It has blind spots of conda-lock's own; it
is there so that `conda-lock --check-input-hash` and micromamba accept a lock, and condaenv never relies on
it.

As conda-lock 4.0.3 does:

- a line with a comment selector counts where it is the one word that conda-lock knows for the platform
  (`linux`, `linux64`, `unix`, `osx`, `osx64`, `arm64`, `win`, `win64`, `aarch64`, `ppc64le`), any other
  selector counts nowhere, and a `sel(...)` line never does;
- selectors on channels are ignored, `nodefaults` is left out, several files must have one list of channels
  that ends with all others;
- of two requirements of one name the last counts, and a pip section with a line in it adds `pip`, in category
  `main` and in any version, whatever the files say of it;
- with no flag the virtual packages are conda-lock's own defaults, a CUDA 11.4 among them; with a file
  (`--virtual-package-spec`) exactly what the file lists.

Ours: `--virtual-package NAME=VERSION` counts as if it stood in such a file, on top of what the file or the
defaults list; with `--conda-only` the pip section is not hashed, because it is not locked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from condaenv_tools.lock.channel_names import lock_channel
from condaenv_tools.lock.hashed_specs import conda_fields, pip_fields
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.selector import Selector
from condaenv_tools.model.virtual import VirtualPackage

__all__ = ["HashOptions", "content_hashes", "listed_virtual_packages"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HashOptions:
    """What the hash depends on beside the files.

    Attributes
    ----------
    channels : tuple of str
        Those of `-c`, which replace the files'; empty for the files'.
    virtual_packages : mapping of Platform to VirtualPackage values, or None
        What a `--virtual-package-spec` lists; None where there is none.
    stated : tuple of VirtualPackage
        Those of `--virtual-package`.
    conda_only : bool
        Whether the pip section is left out.
    """

    channels: tuple[str, ...] = ()
    virtual_packages: Mapping[Platform, Sequence[VirtualPackage]] | None = None
    stated: tuple[VirtualPackage, ...] = ()
    conda_only: bool = False


#: Words that conda-lock knows in a selector.
_WORDS = {
    Platform.LINUX_64: {"linux64", "unix", "linux"},
    Platform.LINUX_AARCH64: {"aarch64", "unix", "linux"},
    Platform.LINUX_PPC64LE: {"ppc64le", "unix", "linux"},
    Platform.OSX_64: {"osx64", "osx", "unix"},
    Platform.OSX_ARM64: {"arm64", "osx", "unix"},
    Platform.WIN_64: {"win", "win64"},
}

_LINUX = ("__unix=0", "__linux=5.10", "__glibc=2.28", "__cuda=11.4")
#: What conda-lock assumes of a machine. The second `__osx` is a fault of an old release that its hash keeps.
_ASSUMED = {
    Platform.LINUX_64: ("__archspec=1=x86_64", *_LINUX),
    Platform.LINUX_AARCH64: ("__archspec=1=aarch64", *_LINUX),
    Platform.LINUX_PPC64LE: ("__archspec=1=ppc64le", *_LINUX),
    Platform.OSX_64: ("__archspec=1=x86_64", "__unix=0", "__osx=11.0"),
    Platform.OSX_ARM64: ("__archspec=1=arm64", "__unix=0", "__osx=11.0"),
    Platform.WIN_64: ("__archspec=1=x86_64", "__win=0", "__cuda=11.4"),
}
_OLD_OSX = VirtualPackage(name="__osx", version="10.15")
#: 2020-01-01, the time of all that conda-lock makes up.
_TIMESTAMP = 1577854800000


def content_hashes(
    files: Sequence[Environment], platforms: Sequence[Platform], options: HashOptions | None = None
) -> dict[Platform, str]:
    """Return conda-lock's hash of the input for each platform.

    Parameters
    ----------
    files : sequence of Environment
        One for each file, in order, not merged.
    platforms : sequence of Platform
        Those of the lock.
    options : HashOptions, optional
        The flags that count.

    Returns
    -------
    dict of Platform to str
        Lower-case hexadecimal sha256.

    Examples
    --------
    >>> hashes = content_hashes([Environment(sources=("e.yml",))], [Platform.OSX_ARM64])
    >>> hashes[Platform.OSX_ARM64][:8]
    'cc82018d'
    """
    options = options or HashOptions()
    channels = [_channel_json(text) for text in options.channels or _channels(files)]
    result = {}
    for platform in platforms:
        content = {
            "channels": channels,
            "specs": _specs(files, platform, conda_only=options.conda_only),
            "virtual_package_hash": {
                "noarch": {"info": {"subdir": "noarch"}, "packages": {}},
                platform.value: _repodata(platform, options),
            },
        }
        result[platform] = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return result


def _channels(files: Sequence[Environment]) -> list[str]:
    """Return the longest list of channels of a file, which all others are the end of."""
    lists = [[item.text for item in file.channels] for file in files]
    for texts in lists:
        if "nodefaults" in texts:
            texts.remove("nodefaults")
    return max(lists, key=len, default=[])


def _channel_json(text: str) -> str:
    channel = lock_channel(text)
    fields = {"url": channel.url, "used_env_vars": list(channel.used_env_vars)}
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False)


def _specs(files: Sequence[Environment], platform: Platform, *, conda_only: bool) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for file in files:
        category = file.category or "main"
        fields = [
            conda_fields(item.text, category)
            for item in file.dependencies
            if _counts(item.selector, platform)
        ]
        lines = [item for item in file.pip if _counts(item.selector, platform)]
        if lines and not conda_only:
            fields += filter(None, (pip_fields(item.text, category, platform) for item in lines))
            # conda-lock wants pip in the environment, whatever the file says of it, and in no other category.
            fields.append(conda_fields("pip", "main") | {"version": "*"})
        found |= {(entry["manager"], entry["name"]): entry for entry in fields}
    return [found[key] for key in sorted(found)]


def _counts(selector: Selector | None, platform: Platform) -> bool:
    if selector is None:
        return True
    if selector.dialect == "sel":
        return False
    words = _WORDS.get(platform)
    # On a platform of which conda-lock knows nothing, it reads no file with a selector at all.
    return selector.holds_on(platform) if words is None else selector.text in words


def _repodata(platform: Platform, options: HashOptions) -> dict[str, Any]:
    packages = listed_virtual_packages(platform, options)
    if packages is None:
        return {}
    entries = dict(_entry(package, platform) for package in packages)
    return {"info": {"subdir": platform.value}, "packages": entries}


def listed_virtual_packages(platform: Platform, options: HashOptions) -> list[VirtualPackage] | None:
    """Return the virtual packages that are hashed, or None where conda-lock would not know the platform."""
    listed = options.virtual_packages
    if listed is not None:
        known = platform in listed or platform in _ASSUMED or bool(options.stated)
        base = list(listed.get(platform, ()))
    else:
        known = platform in _ASSUMED or bool(options.stated)
        base = [VirtualPackage.parse(text) for text in _ASSUMED.get(platform, ())]
        if platform is Platform.OSX_64 and not options.stated:
            base.append(_OLD_OSX)
    replaced = {package.name for package in options.stated}
    return [p for p in base if p.name not in replaced] + list(options.stated) if known else None


def _entry(package: VirtualPackage, platform: Platform) -> tuple[str, dict[str, Any]]:
    build_string = "" if package.build == "0" else package.build
    # A build string has its number behind it here, because releases before 3.0.3 had it so.
    build = f"{build_string}_0" if build_string else "0"
    return f"{package.name}-{package.version}-{build}.tar.bz2", {
        "name": package.name,
        "version": package.version,
        "build_string": build_string,
        "build_number": 0,
        "noarch": "",
        "depends": [],
        "timestamp": _TIMESTAMP,
        "package_type": "virtual_system",
        "build": build,
        "subdir": platform.value,
    }
