"""WARC files as two other programs read them."""

import subprocess
import sys
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType


def types_read_elsewhere(path: Path) -> list[str]:
    """The types of a file's records, in its order, as fastwarc reads them; every digest has been verified by it and by
    `warcio check`.
    """
    types = []
    with path.open("rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.any_type, parse_http=False):
            types.append(record.headers["WARC-Type"])
            assert record.verify_block_digest(), record.headers
            if types[-1] == "response":
                record.parse_http()
                assert record.verify_payload_digest(), record.headers
    call = [sys.executable, "-c", "from warcio.cli import main; main()", "check", "-v", str(path)]
    check = subprocess.run(call, capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stdout + check.stderr
    assert check.stdout.count("digest pass") == len(types)
    return types
