"""Gate."""


def version() -> str:
    return "1"


def may_report(content: bytes, content_type: str | None) -> bool:
    return b"killed" in content
