"""Whether time grows with the length of the input and no faster."""

from collections.abc import Callable
from time import process_time

_TIMES = 4
_SLACK = 5
_LEAST = 0.005
_RUNS = 3


def grows_linearly(run: Callable[[int], object], length: int) -> bool:
    """Whether `run` of four times the length takes less than twenty times as long: some four times where time is linear,
    far more where it is quadratic and the length is well chosen. Each is the best of three runs, as a pause of the garbage
    collector can be longer than the run itself.
    """
    run(100)
    return _seconds(run, _TIMES * length) < _SLACK * _TIMES * max(_seconds(run, length), _LEAST)


def _seconds(run: Callable[[int], object], length: int) -> float:
    times = []
    for _ in range(_RUNS):
        begin = process_time()
        run(length)
        times.append(process_time() - begin)
    return min(times)
