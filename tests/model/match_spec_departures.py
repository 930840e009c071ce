"""Where our reading of a spec is not conda's: each spelling of the oracle's table, and why.

No row on which conda and libmamba agree may stand here.
"""

from __future__ import annotations

#: Spelling -> why we read it otherwise than conda.
DEPARTURES = {
    "pkg =1.2 py38_0": "CEP 29 states that `name =version build` is fuzzy; conda takes the version as exact",
    "pkg (>=2,<2.5)|1.2": "CEP 29 allows parentheses, as libmamba reads them; conda cuts them out and fails",
    "numpy[version>=1.2]": "CEP 29 wants key=value; conda drops the bound in silence, libmamba refuses as we do",
    "numpy[extras=[a,b]]": "CEP 44; conda reads it with its new parser only",
    "./local/pkg-1.2-py_0.tar.bz2": "conda puts the working directory in front; the path stays as written here",
    "C:\\conda\\pkg-1.2-py_0.conda": "conda puts the working directory in front; the path stays as written here",
    "blas *.* mkl": "CEP 29 puts what is neither exact nor fuzzy into brackets; conda's `=*` reads back as any",
    " numpy=1.2": "CEP 29: blanks in front are ignored, as libmamba and rattler do",
    "pkg~=1": "conda crashes while matching; >=1 is what libmamba and rattler make of it",
}
