r"""condaenv_tools: environment.yml files in, proven multi-platform locks out.

The public names are imported on first use, so that ``import condaenv_tools`` costs next to nothing.

Examples
--------
>>> import condaenv_tools as ct
>>> environment = ct.loads_environment("channels: [conda-forge, nodefaults]\ndependencies: [numpy=1.26]")
>>> [str(item.spec) for item in environment.dependencies]
['numpy=1.26']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from condaenv_tools.channels.names import conda_names as conda_names
    from condaenv_tools.channels.names import pypi_names as pypi_names
    from condaenv_tools.channels.source import SourceOptions as SourceOptions
    from condaenv_tools.conflicts.corrections.values import Correction as Correction
    from condaenv_tools.conflicts.explain import Conflict as Conflict
    from condaenv_tools.conflicts.frameworks.rows import matrix_tables as matrix_tables
    from condaenv_tools.conflicts.native.registry import find_native_conflicts as find_native_conflicts
    from condaenv_tools.conflicts.search.core_values import Beside as Beside
    from condaenv_tools.conflicts.search.core_values import Core as Core
    from condaenv_tools.errors import ChannelError as ChannelError
    from condaenv_tools.errors import CondaEnvToolsError as CondaEnvToolsError
    from condaenv_tools.errors import IndexFailureError as IndexFailureError
    from condaenv_tools.errors import LockFormatError as LockFormatError
    from condaenv_tools.errors import LossError as LossError
    from condaenv_tools.errors import OutputError as OutputError
    from condaenv_tools.errors import ParseError as ParseError
    from condaenv_tools.errors import UnsatisfiableError as UnsatisfiableError
    from condaenv_tools.errors import UnsupportedError as UnsupportedError
    from condaenv_tools.errors import VerificationError as VerificationError
    from condaenv_tools.graph.around import around as around
    from condaenv_tools.graph.build import build_graph as build_graph
    from condaenv_tools.graph.chains import why as why
    from condaenv_tools.graph.questions import ask as ask
    from condaenv_tools.graph.questions import difference as difference
    from condaenv_tools.jobs.check_files import CheckedFile as CheckedFile
    from condaenv_tools.jobs.check_files import CheckOptions as CheckOptions
    from condaenv_tools.jobs.check_files import check_files as check_files
    from condaenv_tools.jobs.check_text import check_text as check_text
    from condaenv_tools.jobs.correct_file import CorrectedFile as CorrectedFile
    from condaenv_tools.jobs.correct_file import correct_file as correct_file
    from condaenv_tools.jobs.correct_file import write_corrected as write_corrected
    from condaenv_tools.jobs.diff_locks import FileDiff as FileDiff
    from condaenv_tools.jobs.diff_locks import diff_files as diff_files
    from condaenv_tools.jobs.edit_files import EditedFile as EditedFile
    from condaenv_tools.jobs.edit_files import edit_file as edit_file
    from condaenv_tools.jobs.explain_both import BothHalves as BothHalves
    from condaenv_tools.jobs.explain_both import explain_both as explain_both
    from condaenv_tools.jobs.explain_files import Explanation as Explanation
    from condaenv_tools.jobs.explain_files import PlatformExplanation as PlatformExplanation
    from condaenv_tools.jobs.explain_files import explain_files as explain_files
    from condaenv_tools.jobs.export_lock import ExportedFile as ExportedFile
    from condaenv_tools.jobs.export_lock import export_lock as export_lock
    from condaenv_tools.jobs.graph_files import read_graphs as read_graphs
    from condaenv_tools.jobs.import_files import ImportOptions as ImportOptions
    from condaenv_tools.jobs.import_files import ImportResult as ImportResult
    from condaenv_tools.jobs.import_files import import_environment as import_environment
    from condaenv_tools.jobs.lock_files import LockResult as LockResult
    from condaenv_tools.jobs.lock_files import lock_files as lock_files
    from condaenv_tools.jobs.lock_files import lock_text as lock_text
    from condaenv_tools.jobs.lock_files import write_lock as write_lock
    from condaenv_tools.jobs.matrix import MatrixOptions as MatrixOptions
    from condaenv_tools.jobs.matrix import package_matrix as package_matrix
    from condaenv_tools.jobs.merge_locks import MergeOptions as MergeOptions
    from condaenv_tools.jobs.merge_locks import MergeResult as MergeResult
    from condaenv_tools.jobs.merge_locks import merge_files as merge_files
    from condaenv_tools.jobs.merge_locks import merged_lock as merged_lock
    from condaenv_tools.jobs.native_findings import native_findings as native_findings
    from condaenv_tools.jobs.pip_half import PipOptions as PipOptions
    from condaenv_tools.jobs.plan import LockOptions as LockOptions
    from condaenv_tools.jobs.snapshot_files import snapshot_files as snapshot_files
    from condaenv_tools.jobs.status_files import StatusOptions as StatusOptions
    from condaenv_tools.jobs.status_files import status_files as status_files
    from condaenv_tools.jobs.update_files import UpdateOptions as UpdateOptions
    from condaenv_tools.jobs.update_files import UpdateResult as UpdateResult
    from condaenv_tools.jobs.update_files import update_files as update_files
    from condaenv_tools.jobs.update_files import write_update as write_update
    from condaenv_tools.jobs.verify_files import VerifyOptions as VerifyOptions
    from condaenv_tools.jobs.verify_files import read_lock as read_lock
    from condaenv_tools.jobs.verify_files import verify_files as verify_files
    from condaenv_tools.jobs.verify_files import verify_lock as verify_lock
    from condaenv_tools.lock.combine import combine_locks as combine_locks
    from condaenv_tools.lock.currency.report import lock_status as lock_status
    from condaenv_tools.lock.currency.values import Reason as Reason
    from condaenv_tools.lock.currency.values import StatusInputs as StatusInputs
    from condaenv_tools.lock.currency.values import StatusReport as StatusReport
    from condaenv_tools.lock.diff.locks import diff_locks as diff_locks
    from condaenv_tools.lock.diff.values import Change as Change
    from condaenv_tools.lock.diff.values import ChangeKind as ChangeKind
    from condaenv_tools.lock.diff.values import LockDiff as LockDiff
    from condaenv_tools.lock.diff.values import PlatformDiff as PlatformDiff
    from condaenv_tools.lock.formats import DumpOptions as DumpOptions
    from condaenv_tools.lock.formats import ReadOptions as ReadOptions
    from condaenv_tools.lock.merge import LockMerge as LockMerge
    from condaenv_tools.lock.merge import merge_locks as merge_locks
    from condaenv_tools.lock.peer import from_conda_lock as from_conda_lock
    from condaenv_tools.lock.peer import to_conda_lock as to_conda_lock
    from condaenv_tools.lock.registry import loads_lock as loads_lock
    from condaenv_tools.lock.subset import SubsetOptions as SubsetOptions
    from condaenv_tools.lock.subset import subset_lock as subset_lock
    from condaenv_tools.lock.verify import VerifyReport as VerifyReport
    from condaenv_tools.model.edit import Fix as Fix
    from condaenv_tools.model.edit import TextEdit as TextEdit
    from condaenv_tools.model.edit import apply_edits as apply_edits
    from condaenv_tools.model.environment import Environment as Environment
    from condaenv_tools.model.finding import Fault as Fault
    from condaenv_tools.model.finding import Finding as Finding
    from condaenv_tools.model.finding import Severity as Severity
    from condaenv_tools.model.lock import Lock as Lock
    from condaenv_tools.model.loss import Loss as Loss
    from condaenv_tools.model.match_spec import MatchSpec as MatchSpec
    from condaenv_tools.model.platform import Platform as Platform
    from condaenv_tools.model.record import PackageRecord as PackageRecord
    from condaenv_tools.model.solution import Solution as Solution
    from condaenv_tools.model.table import Table as Table
    from condaenv_tools.model.version import Version as Version
    from condaenv_tools.model.version_spec import VersionSpec as VersionSpec
    from condaenv_tools.model.virtual import VirtualPackage as VirtualPackage
    from condaenv_tools.parse.editing.changes import Add as Add
    from condaenv_tools.parse.editing.changes import Remove as Remove
    from condaenv_tools.parse.editing.changes import Section as Section
    from condaenv_tools.parse.editing.changes import SetSpec as SetSpec
    from condaenv_tools.parse.editing.edit import EditResult as EditResult
    from condaenv_tools.parse.editing.edit import edit_environment as edit_environment
    from condaenv_tools.parse.editing.edit import edit_text as edit_text
    from condaenv_tools.parse.environment_yml import ParsedFile as ParsedFile
    from condaenv_tools.parse.environment_yml import loads_environment as loads_environment
    from condaenv_tools.parse.environment_yml import parse_environment as parse_environment
    from condaenv_tools.parse.environment_yml import read_environment as read_environment
    from condaenv_tools.parse.inputs.registry import parse_input as parse_input
    from condaenv_tools.parse.merge import merge_environments as merge_environments
    from condaenv_tools.parse.requirements_txt import parse_requirements as parse_requirements
    from condaenv_tools.report.conflict_graph import conflict_graph as conflict_graph
    from condaenv_tools.report.conflict_graph import conflict_page as conflict_page
    from condaenv_tools.report.diff_markdown import diff_markdown as diff_markdown
    from condaenv_tools.report.diff_page import diff_page as diff_page
    from condaenv_tools.report.drawing import draw as draw
    from condaenv_tools.report.graph_image import graph_png as graph_png
    from condaenv_tools.report.graph_image import graph_svg as graph_svg
    from condaenv_tools.report.graph_page import graph_page as graph_page
    from condaenv_tools.resolve.request import ChannelPriority as ChannelPriority
    from condaenv_tools.resolve.request import SolveOptions as SolveOptions
    from condaenv_tools.resolve.request import Strategy as Strategy

#: Where each public name lives.
_HOMES = {
    "channels.names": (
        "conda_names",
        "pypi_names",
    ),
    "channels.source": ("SourceOptions",),
    "conflicts.corrections.values": ("Correction",),
    "conflicts.explain": ("Conflict",),
    "conflicts.frameworks.rows": ("matrix_tables",),
    "conflicts.native.registry": ("find_native_conflicts",),
    "conflicts.search.core_values": (
        "Beside",
        "Core",
    ),
    "errors": (
        "ChannelError",
        "CondaEnvToolsError",
        "IndexFailureError",
        "LockFormatError",
        "LossError",
        "OutputError",
        "ParseError",
        "UnsatisfiableError",
        "UnsupportedError",
        "VerificationError",
    ),
    "graph.around": ("around",),
    "graph.build": ("build_graph",),
    "graph.chains": ("why",),
    "graph.questions": (
        "ask",
        "difference",
    ),
    "jobs.check_files": (
        "CheckOptions",
        "CheckedFile",
        "check_files",
    ),
    "jobs.check_text": ("check_text",),
    "jobs.correct_file": (
        "CorrectedFile",
        "correct_file",
        "write_corrected",
    ),
    "jobs.diff_locks": (
        "FileDiff",
        "diff_files",
    ),
    "jobs.edit_files": (
        "EditedFile",
        "edit_file",
    ),
    "jobs.explain_both": (
        "BothHalves",
        "explain_both",
    ),
    "jobs.explain_files": (
        "Explanation",
        "PlatformExplanation",
        "explain_files",
    ),
    "jobs.export_lock": (
        "ExportedFile",
        "export_lock",
    ),
    "jobs.graph_files": ("read_graphs",),
    "jobs.import_files": (
        "ImportOptions",
        "ImportResult",
        "import_environment",
    ),
    "jobs.lock_files": (
        "LockResult",
        "lock_files",
        "lock_text",
        "write_lock",
    ),
    "jobs.matrix": (
        "MatrixOptions",
        "package_matrix",
    ),
    "jobs.merge_locks": (
        "MergeOptions",
        "MergeResult",
        "merge_files",
        "merged_lock",
    ),
    "jobs.native_findings": ("native_findings",),
    "jobs.pip_half": ("PipOptions",),
    "jobs.plan": ("LockOptions",),
    "jobs.snapshot_files": ("snapshot_files",),
    "jobs.status_files": (
        "StatusOptions",
        "status_files",
    ),
    "jobs.update_files": (
        "UpdateOptions",
        "UpdateResult",
        "update_files",
        "write_update",
    ),
    "jobs.verify_files": (
        "VerifyOptions",
        "read_lock",
        "verify_files",
        "verify_lock",
    ),
    "lock.combine": ("combine_locks",),
    "lock.currency.report": ("lock_status",),
    "lock.currency.values": (
        "Reason",
        "StatusInputs",
        "StatusReport",
    ),
    "lock.diff.locks": ("diff_locks",),
    "lock.diff.values": (
        "Change",
        "ChangeKind",
        "LockDiff",
        "PlatformDiff",
    ),
    "lock.formats": (
        "DumpOptions",
        "ReadOptions",
    ),
    "lock.merge": (
        "LockMerge",
        "merge_locks",
    ),
    "lock.peer": (
        "from_conda_lock",
        "to_conda_lock",
    ),
    "lock.registry": ("loads_lock",),
    "lock.subset": (
        "SubsetOptions",
        "subset_lock",
    ),
    "lock.verify": ("VerifyReport",),
    "model.edit": (
        "Fix",
        "TextEdit",
        "apply_edits",
    ),
    "model.environment": ("Environment",),
    "model.finding": (
        "Fault",
        "Finding",
        "Severity",
    ),
    "model.lock": ("Lock",),
    "model.loss": ("Loss",),
    "model.match_spec": ("MatchSpec",),
    "model.platform": ("Platform",),
    "model.record": ("PackageRecord",),
    "model.solution": ("Solution",),
    "model.table": ("Table",),
    "model.version": ("Version",),
    "model.version_spec": ("VersionSpec",),
    "model.virtual": ("VirtualPackage",),
    "parse.editing.changes": (
        "Add",
        "Remove",
        "Section",
        "SetSpec",
    ),
    "parse.editing.edit": (
        "EditResult",
        "edit_environment",
        "edit_text",
    ),
    "parse.environment_yml": (
        "ParsedFile",
        "loads_environment",
        "parse_environment",
        "read_environment",
    ),
    "parse.inputs.registry": ("parse_input",),
    "parse.merge": ("merge_environments",),
    "parse.requirements_txt": ("parse_requirements",),
    "report.conflict_graph": (
        "conflict_graph",
        "conflict_page",
    ),
    "report.diff_markdown": ("diff_markdown",),
    "report.diff_page": ("diff_page",),
    "report.drawing": ("draw",),
    "report.graph_image": (
        "graph_png",
        "graph_svg",
    ),
    "report.graph_page": ("graph_page",),
    "resolve.request": (
        "ChannelPriority",
        "SolveOptions",
        "Strategy",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)  # noqa: PLE0605 - a list of names, in order


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME_OF})
