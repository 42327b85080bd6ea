"""Which language a text is written in."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from threading import Lock

_LANGUAGES = Path(__file__).parent / "data" / "languages.txt"
_SHORTEST = 30
_READ = 1000
_LOADING = Lock()  # many sources are looked at by many threads, and a model that is half restricted answers nonsense


def language_of(text: str, stated: str | None = None) -> str | None:
    """ISO 639-1 code of the text's language.

    Text of fewer than 30 letters is too short to tell; then it is what the page states (`stated`, such as "en-GB"), and null
    where it states nothing usable.
    """
    sample = text[:_READ]
    if sum(map(str.isalpha, sample)) < _SHORTEST:
        code = (stated or "").replace("_", "-").split("-", 1)[0].lower()
        return code if code in _languages() else None
    with _LOADING:
        classify = _classifier()
    return classify(sample)[0]


@cache
def _languages() -> frozenset[str]:
    lines = _LANGUAGES.read_text(encoding="utf-8").splitlines()
    return frozenset(code for line in lines if not line.startswith("#") for code in line.split())


@cache
def _classifier() -> Callable[[str], tuple[str, float]]:
    import py3langid  # loads half a second of model

    py3langid.set_languages(sorted(_languages()))
    return py3langid.classify
