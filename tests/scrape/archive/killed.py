"""An import that is killed at one of its steps."""

import gzip
import itertools
import os
import signal
from collections.abc import Callable

from include.datasets.lake import Lake
from include.scrape.archive import gate, importing

READ_PER_BATCH = 6
for story in (b"Four soldiers were killed in an attack.", b"Nine died."):  # what that loads is there when a process is forked
    gate.may_report(b"<p>" + story + b"</p>")


def import_until(root: str, import_id: str, kill_at: int) -> None:
    """Import the first shard in this process, which is killed at its step of that number; 0: it is left alone.

    A step is a record that is written to a WARC file, a sync, a rename or a removal.
    """
    importing.READ_PER_BATCH = READ_PER_BATCH
    steps = itertools.count(1)

    def counted(real: Callable) -> Callable:
        def call(*args, **more):
            if next(steps) == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **more)

        return call

    for module, name in ((gzip, "compress"), (os, "fsync"), (os, "replace"), (os, "unlink")):
        setattr(module, name, counted(getattr(module, name)))
    importing.import_shard(Lake(root), import_id, 0, {})
