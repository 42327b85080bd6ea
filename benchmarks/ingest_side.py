"""What Badia's import is compared with, in a process of its own: `python -m benchmarks.ingest_side NAME FILE N` reads the
first N pages of a WARC file with another library and prints how long it took and how much memory, as JSON. FastWARC reads the
file for all; only the library's own work is timed.
"""

import argparse
import json
import time
from collections.abc import Callable
from itertools import islice

from fastwarc.warc import ArchiveIterator, WarcRecordType

from benchmarks.side import peak_mb, pin

Read = Callable[[str, str], object]


def newspaper4k() -> Read:
    """newspaper4k."""
    import newspaper

    def read(url: str, page: str) -> object:
        article = newspaper.Article(url)
        article.download(input_html=page)
        article.parse()
        return article.text

    return read


def news_please() -> Read:
    """news-please."""
    from newsplease import NewsPlease

    return lambda url, page: NewsPlease.from_html(page, url=url).maintext


SIDES = {"newspaper4k": newspaper4k, "news-please": news_please}


def main() -> None:
    """Run the side that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("side", choices=SIDES)
    parser.add_argument("file")
    parser.add_argument("count", type=int)
    args = parser.parse_args()
    pin()
    read = SIDES[args.side]()
    seconds = count = 0
    for record in islice(ArchiveIterator(args.file, record_types=WarcRecordType.response), args.count):
        page = record.reader.read().decode()
        start = time.process_time()
        read(record.headers["WARC-Target-URI"], page)
        seconds += time.process_time() - start
        count += 1
    print(json.dumps({"pages": count, "seconds": seconds, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
