"""Numbers that could count people, as ranges with the rule that gave them.

The rules and the words that they answer to are in data/quantity_rules.yaml, one column per codebook (mode): `range`,
`acled` (ACLED codebook on imprecise fatality figures) and `gtd` (GTD codebook on casualty counts).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from include.extract.lexicon import grammar, is_single, load, not_people, people, word_list
from include.extract.mentions import Quantity
from include.extract.tokens import Token
from include.settings import COUNT_MODES

_RULES = load("quantity_rules.yaml")
VERSION = _RULES["version"]
"""Version of the rule table."""

_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19,
}  # fmt: skip
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_SMALL = _UNITS | _TENS
_COLLECTIVES = {"pair": 2, "duo": 2, "trio": 3, "quartet": 4, "score": 20}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_MAX_DIGITS = 9
_CLIMBED = frozenset({"went", "gone", "goes", "going", "rose", "risen", "rises", "climbed", "jumped", "shot"})
_OLD = 111
"""Years that nobody lives to."""
_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")
_DECIMAL = re.compile(r"(\d{1,6})\.(\d{1,3})")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_AGE_WORD = re.compile(r"\d{1,3}[-–]?(?:years?|months?|weeks?|days?|yr|yo|y)(?:[-–]?olds?)?|\d0s|\d{1,3}-?year-?old.*")
_ORDINAL_DIGITS = re.compile(r"\d{1,4}(?:st|nd|rd|th)")
_DASHES = frozenset("-–—")


@dataclass(slots=True)
class Number:
    """A number in a run of tokens: what it says, its tokens [first, last), and why it counts no people (if it does not)."""

    first: int
    last: int
    value: int
    top: int | None
    rule: str
    additional: bool = False
    reason: str | None = None
    vague: bool = False
    wordy: bool = False

    @property
    def none(self) -> bool:
        """ "no", "none", "zero"."""
        return self.value == 0 and self.rule == "exact" and self.wordy


@lru_cache(maxsize=4096)
def bounds(rule: str, mode: str, n: int = 0, m: int | None = None, asserted: bool = True) -> tuple[int | None, ...]:
    """(low, best, high) that a rule gives for the numbers n and m; raises ValueError for an unknown mode or rule."""
    if mode not in COUNT_MODES:
        raise ValueError(f"unknown mode {mode!r}; the codebooks are {', '.join(COUNT_MODES)}")
    if rule not in _RULES["rules"]:
        raise ValueError(f"unknown rule {rule!r}; data/quantity_rules.yaml has {', '.join(_RULES['rules'])}")
    cells = _RULES["rules"][rule][mode]
    cells = cells if isinstance(cells, list) else [cells] * 3
    return tuple(_cell(c, n, m, asserted) for c in cells)


def _cell(cell: int | str | None, n: int, m: int | None, asserted: bool) -> int | None:
    if cell is None or isinstance(cell, int):
        return cell
    return {
        "N": n,
        "M": m,
        "2N": 2 * n,
        "N+1": n + 1,
        "N-1": max(n - 1, 0),
        "0.9N": n * 9 // 10,
        "1.1N": -(-n * 11 // 10),
        "asserted": min(int(asserted), n),
    }[cell]


def quantity(text: str, tokens: Sequence[Token], number: Number, mode: str, asserted: bool = True) -> Quantity:
    """The number as a range, with the words that give it."""
    start, end = tokens[number.first].start, tokens[number.last - 1].end
    low, best, high = bounds(number.rule, mode, number.value, number.top, asserted)
    return Quantity(low, best, high, text[start:end], start, end, number.rule)


def find_numbers(tokens: Sequence[Token]) -> list[Number]:
    """Every number in the tokens, those that count no people with the reason."""
    starters, numbers, free = _starters(), [], 0
    for i, (word, after) in enumerate(pairwise([*(t.lower for t in tokens), ""])):
        if word in starters:
            nexts = starters[word]
            if nexts is not None and after not in nexts and not after[:1].isdigit():
                continue
        elif not word[0].isdigit():
            continue
        if i < free or (number := _number_at(tokens, i)) is None:
            continue
        number.reason = number.reason or _not_people(tokens, number) or _rejected(tokens, number)
        numbers.append(number)
        free = number.last
    _mark_ages(tokens, numbers)
    return numbers


def _rejected(tokens: Sequence[Token], number: Number) -> str | None:
    """The reason of a figure that the sentence gives up for another ("38, not 50,"), or of nobody ("not one of them")."""
    before = [t.lower for t in tokens[max(0, number.first - 2) : number.first]]
    none = before[-1:] == ["not"] and number.value == 1 and number.last < len(tokens) and tokens[number.last].lower == "of"
    if none:
        return "denial"
    return "denial" if before in ([",", "not"], ["and", "not"], ["(", "not"]) and number.value > 1 else None


def _mark_ages(tokens: Sequence[Token], numbers: list[Number]) -> None:
    """Give the reason to the ages in "three women, 24, 26 and 52, were shot": figures alone after a noun and a comma."""
    run: list[Number] = []
    for number, after in pairwise([*numbers, None]):
        if not (number.rule == "exact" and number.last - number.first == 1 and 0 < number.value < _OLD and not number.wordy):
            run = []
            continue
        run.append(number)
        if after is not None and {t.lower for t in tokens[number.last : after.first]} <= {",", "and"}:
            continue
        first, last = run[0].first, number.last
        end = tokens[last].lower if last < len(tokens) else ""
        holder = tokens[first - 2].lower if first > 1 and tokens[first - 1].lower == "," else ""
        listed = len(run) > 1 and end in (",", ".", ")", "were") and holder in people().nouns
        if listed or (run[0].reason == "age" and tokens[first - 1].lower in ("ages", "aged")):
            for age in run:
                age.reason = age.reason or "age"
        run = []


@cache
def _phrases(part: str) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """First word -> (phrase, rule), longest phrase first."""
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for rule, phrases in _RULES[part].items():
        for phrase in phrases:
            words = tuple(phrase.split())
            table.setdefault(words[0], []).append((words, rule))
    for entries in table.values():
        entries.sort(key=lambda e: (-len(e[0]), e))
    return table


def _phrase_at(part: str, tokens: Sequence[Token], i: int) -> tuple[int, str] | None:
    """(end, rule) of the longest phrase of the table that starts at token i."""
    if i >= len(tokens):
        return None
    for words, rule in _phrases(part).get(tokens[i].lower, ()):
        if i + len(words) <= len(tokens) and all(tokens[i + k].lower == w for k, w in enumerate(words)):
            return i + len(words), rule
    return None


def _number_at(tokens: Sequence[Token], i: int) -> Number | None:
    low = tokens[i].lower
    if low in ("no", "none", "zero", "nobody", "neither"):
        if low == "no" and i + 1 < len(tokens) and tokens[i + 1].lower in ("fewer", "less", "more", "longer", "matter", "."):
            pass
        elif low == "no" and i + 1 < len(tokens) and tokens[i + 1].lower in ("one", "-one"):
            return Number(i, i + 2, 0, None, "exact", wordy=True)
        elif low == "no" and i and tokens[i - 1].lower in ("is", "article", "resolution"):
            return None
        else:
            return Number(i, i + 1, 0, None, "exact", wordy=True)
    if low == "up" and i and tokens[i - 1].lower in _RULES["went"]:
        return None  # "the number of dead has gone up to 31"
    if low == "both":
        return Number(i, i + 1, 2, None, "exact")
    if low == "up" and i and tokens[i - 1].lower in _CLIMBED:
        return None  # "the toll has gone up to 31"
    if low == "between":
        return _between(tokens, i)
    j, rule, additional = i, None, False
    for _ in range(3):  # "at least another", "a total of about"
        found = _phrase_at("before", tokens, j)
        if found is None:
            break
        j, phrase_rule = found
        additional |= tokens[j - 1].lower in ("another", "further", "additional", "extra", "other")
        rule = phrase_rule if rule in (None, "exact") else rule
    if j > i and j < len(tokens) and tokens[j].lower == "between" and rule is not None:
        number = _between(tokens, j)
    else:
        number = _core(tokens, j) if j < len(tokens) else None
    if number is None:
        number = _core(tokens, i) if j > i else None
        if number is None:
            return None
        rule, additional = None, False
    else:
        number.first = i
    number.additional |= additional
    _after(tokens, number)
    _apply(number, rule)
    return number


def _apply(number: Number, rule: str | None) -> None:
    """Put a number under the rule of the phrase before it."""
    if rule in (None, "exact") or number.value == 0:
        return
    if number.vague:
        if rule in ("at_least", "more_than"):
            number.value, number.rule = bounds(number.rule, "range")[0], "at_least_vague"
        elif rule == "up_to":
            number.value, number.rule = bounds(number.rule, "range")[2] or number.value, "up_to"
        return
    if number.rule == "interval":
        if rule in ("up_to", "fewer_than"):
            number.value, number.rule = number.top, rule
        return
    number.rule = rule


def _after(tokens: Sequence[Token], number: Number) -> None:
    """Take in "or more", "+", "or so" and, for counts of people, "more" and "others" stay outside."""
    found = _phrase_at("after", tokens, number.last)
    if found is None or number.rule != "exact" or number.value == 0:
        return
    end, rule = found
    words = [t.lower for t in tokens[number.last : end]]
    if words in (["at", "least"], ["at", "minimum"], ["at", "most"]) and _phrase_core(tokens, end):
        return
    if words == ["plus"] and _phrase_core(tokens, end):
        return
    if words == ["+"] and tokens[number.last].start != tokens[number.last - 1].end:
        return
    number.last, number.rule = end, rule


def _phrase_core(tokens: Sequence[Token], i: int) -> bool:
    return i < len(tokens) and (tokens[i].lower[0].isdigit() or tokens[i].lower in _starters())


def _between(tokens: Sequence[Token], i: int) -> Number | None:
    a = _core(tokens, i + 1)
    if a is not None and a.rule == "interval":
        a.first = i
        return a  # "between 15 to 25"
    if a is None or a.vague or a.last >= len(tokens) or tokens[a.last].lower not in ("and", "to", "-", "–"):
        return None
    b = _core(tokens, a.last + 1)
    if b is None or b.vague or b.value <= a.value:
        return None
    return Number(i, b.last, a.value, b.value, "interval", reason=a.reason or b.reason)


def _core(tokens: Sequence[Token], i: int) -> Number | None:
    """A number without the phrase before it: a vague word, one number, or an interval."""
    if i >= len(tokens):
        return None
    if i + 1 < len(tokens) and tokens[i].lower in ("half", "half-a-dozen", "half-dozen"):
        return _half_dozen(tokens, i)
    found = _phrase_at("words", tokens, i)
    cardinal = _cardinal(tokens, i)
    if found is not None and (cardinal is None or found[0] >= cardinal[1]):
        end, rule = found
        if tokens[i].lower == "some" and (inner := _cardinal(tokens, end)):
            return Number(i, inner[1], inner[0], None, "about")
        low = bounds(rule, "range")[0] or 0
        return Number(i, end, low, None, rule, vague=True)
    if cardinal is None:
        return None
    value, j, reason = cardinal
    number = Number(i, j, value, None, "exact", reason=reason)
    return _interval(tokens, number) or number


def _interval(tokens: Sequence[Token], a: Number) -> Number | None:
    j = a.last
    if j + 1 >= len(tokens) or a.reason:
        return None
    link = tokens[j].lower
    if link == "and" and tokens[j + 1].lower in ("perhaps", "possibly", "maybe"):
        j += 1
        if found := _phrase_at("before", tokens, j + 1):
            j = found[0] - 1
    elif link == "and" and (found := _phrase_at("before", tokens, j + 1)) and found[1] == "up_to":
        j = found[0] - 1
    elif link == "or" and tokens[j + 1].lower in ("even", "perhaps", "possibly"):
        j += 1
    elif (link not in ("to", "or") and link not in _DASHES) or (link == "to" and _changes(tokens, a.first)):
        return None
    b = _cardinal(tokens, j + 1)
    if b is None or b[2]:
        return None
    value, end, _ = b
    if value <= a.value:
        if link in _DASHES and end - j == 2:
            return Number(a.first, end, a.value, value, "exact", reason="sport_score")
        return None
    return Number(a.first, end, a.value, value, "interval")


def _changes(tokens: Sequence[Token], i: int) -> bool:
    """ "the toll rose from 3 to 5": what starts at token i is a change and no interval."""
    if not i or tokens[i - 1].lower != "from":
        return False
    return any(t.lower in _RULES["changes"] for t in tokens[max(0, i - 12) : i])


def _half_dozen(tokens: Sequence[Token], i: int) -> Number | None:
    low = tokens[i].lower
    if low != "half":
        return Number(i, i + 1, 6, None, "exact")
    words = [t.lower for t in tokens[i + 1 : i + 3]]
    if words[:1] == ["dozen"]:
        return Number(i, i + 2, 6, None, "exact")
    if words == ["a", "dozen"]:
        return Number(i, i + 3, 6, None, "exact")
    return None


def _cardinal(tokens: Sequence[Token], i: int) -> tuple[int, int, str | None] | None:
    """(value, end, reason why it counts no people) of the number in digits or words at token i."""
    if i >= len(tokens):
        return None
    low = tokens[i].lower
    if low[0].isdigit():
        return _digits(tokens, i)
    if low == "a" and i + 1 < len(tokens) and tokens[i + 1].lower in ("hundred", "thousand", "million", "dozen"):
        return _scaled(tokens, i + 1, 1)
    if low == "half-a-dozen":
        return 6, i + 1, None
    k = i + (low in ("a", "an"))
    if k + 1 < len(tokens) and tokens[k].lower in _COLLECTIVES and tokens[k + 1].lower == "of":
        return _COLLECTIVES[tokens[k].lower], k + 2, None
    return _words(tokens, i)


def _digits(tokens: Sequence[Token], i: int) -> tuple[int, int, str | None] | None:
    low = tokens[i].lower
    if _DIGITS.fullmatch(low):
        digits = low.replace(",", "")
        if len(digits) > _MAX_DIGITS:
            return 0, i + 1, "other_count"
        value, j = int(digits), i + 1
        if j < len(tokens) and (tokens[j].lower in _SCALES or tokens[j].lower == "dozen"):
            return value * _SCALES.get(tokens[j].lower, 12), j + 1, None
        return value, j, None
    if decimal := _DECIMAL.fullmatch(low):
        scale = _SCALES.get(tokens[i + 1].lower) if i + 1 < len(tokens) else None
        if scale is None:
            return 0, i + 1, "magnitude"
        whole, part = decimal.groups()
        return (int(whole) * scale) + int(part) * scale // 10 ** len(part), i + 2, None
    if _AGE_WORD.fullmatch(low):
        return 0, i + 1, _age_or_duration(tokens, i)
    if _ORDINAL_DIGITS.fullmatch(low):
        return 0, i + 1, _rank(tokens, i)
    if re.fullmatch(r"\d{1,2}[:.]\d\d(?:[ap]m?)?|\d{1,2}[ap]m", low):
        return 0, i + 1, "time"
    if re.fullmatch(r"\d{1,4}[./]\d{1,2}(?:[./]\d{1,4})?", low):
        return 0, i + 1, "date"
    if re.match(r"\d+-?(?:mm|cm|kg|caliber|calibre|ton|pound)", low):
        return 0, i + 1, "weapon"
    if re.match(r"\d+-?(?:km|m|miles?|met|kilom|ft|feet|yard)", low):
        return 0, i + 1, "distance"
    if re.match(r"\d+-?(?:day|hour|minute|month|week|year|h$|min)", low):
        return 0, i + 1, "duration"
    if odd := re.fullmatch(r"(\d{1,6})-odd", low):
        return int(odd[1]), i + 1, None
    if kilo := re.fullmatch(r"(\d{1,4})k", low):
        return int(kilo[1]) * 1000, i + 1, None
    if re.fullmatch(r"\d{1,3}x", low):
        return int(low[:-1]), i + 1, None
    return 0, i + 1, "other_count"


def _rank(tokens: Sequence[Token], i: int) -> str:
    """ "the 7th of October" is a date, "the 47th Brigade" a unit."""
    around = [t.lower for t in tokens[max(0, i - 2) : i + 4]]
    if set(around) & word_list("not_people.yaml", "months"):
        return "date"
    return "unit_number" if set(around[1:]) & word_list("not_people.yaml", "unit_words") else "ordinal"


def _age_or_duration(tokens: Sequence[Token], i: int) -> str:
    """ "22-year-old" and "22-year old" are ages, "a 22-year war" is not."""
    low = tokens[i].lower
    aged = low.endswith(("old", "olds", "yo", "yr", "y", "s")) and not low.endswith("day")
    return "age" if aged or (i + 1 < len(tokens) and tokens[i + 1].lower in ("old", "-old")) else "duration"


def _scaled(tokens: Sequence[Token], i: int, value: int) -> tuple[int, int, str | None]:
    """ "hundred", "thousand", "dozen" after a value, and what follows ("hundred and twenty")."""
    total, current, j = 0, value, i
    while j < len(tokens) and j - i < 12:
        low = tokens[j].lower
        if low == "dozen":
            return total + current * 12, j + 1, None
        if low == "hundred":
            current *= 100
        elif low in _SCALES:
            total, current = total + current * _SCALES[low], 0
        elif low == "and" and j + 1 < len(tokens) and tokens[j - 1].lower in _SCALES and (v := _small(tokens[j + 1].lower)):
            current += v
            j += 1
        elif (v := _small(low)) is not None and tokens[j - 1].lower in _SCALES:
            current += v
        else:
            break
        j += 1
    return total + current, j, None


def _small(word: str) -> int | None:
    """A number below 100 in one word ("nine", "sixty", "sixty-one")."""
    if word in _SMALL:
        return _SMALL[word]
    tens, dash, unit = word.partition("-")
    if dash and tens in _TENS and 0 < _UNITS.get(unit, 0) < 10:
        return _TENS[tens] + _UNITS[unit]
    return None


def small_number(word: str) -> int | None:
    """The number below 1,000 that a word begins with ("16-year-old", "six-month-old")."""
    figure = re.match(r"\d{1,3}", word)
    return int(figure[0]) if figure else _small(word.split("-", maxsplit=1)[0])


def _words(tokens: Sequence[Token], i: int) -> tuple[int, int, str | None] | None:
    low = tokens[i].lower
    value = _small(low)
    if value is None:
        parts = low.split("-")
        if len(parts) > 1 and _small(parts[0]) is not None and parts[1] in ("year", "month", "week", "day", "years"):
            return 0, i + 1, _age_or_duration(tokens, i)
        if low == "dozen":
            return 12, i + 1, None
        if parts[-1] == "odd" and parts[0] in _TENS:
            return _TENS[parts[0]], i + 1, None
        if low == "hundred":
            return _scaled(tokens, i, 1)
        return None
    j = i + 1
    unit = _UNITS.get(tokens[j].lower, 0) if j < len(tokens) else 0
    if low in _TENS and j < len(tokens) and re.fullmatch("[1-9]", tokens[j].text):
        unit = int(tokens[j].text)  # "forty 6"
    if low in _TENS and 0 < unit < 10:
        value, j = value + unit, j + 1
    if j < len(tokens) and (tokens[j].lower in _SCALES or tokens[j].lower == "dozen"):
        return _scaled(tokens, j, value)
    return value, j, None


@cache
def _starters() -> dict[str, frozenset[str] | None]:
    """Words that a number can begin with -> the words that can follow (figures always can); None: it is a number alone."""
    tens = {f"{t}-{u}" for t in _TENS for u in _UNITS if 0 < _UNITS[u] < 10}
    ages = {f"{n}-{u}{o}" for n in _SMALL for u in ("year", "month", "week", "day") for o in ("-old", "-olds", "")}
    alone = {
        *_SMALL,
        *tens,
        *ages,
        *(f"{ten}-odd" for ten in _TENS),
        "no",
        "none",
        "nobody",
        "neither",
        "both",
        "half-a-dozen",
        "half-dozen",
        "dozen",
        "hundred",
    }
    phrases = [words for entries in _phrases("words").values() for words, _ in entries]
    alone |= {words[0] for words in phrases if len(words) == 1}
    phrases += [("half", "dozen"), ("half", "a"), *(("a", word) for word in (*_SCALES, *_COLLECTIVES, "dozen"))]
    phrases += [(word, "of") for word in _COLLECTIVES]
    before = [words for entries in _phrases("before").values() for words, _ in entries]
    phrases += [words for words in before if len(words) > 1]
    leading = {"between", *(words[0] for words in before if len(words) == 1)} - alone
    starters = alone | leading | {words[0] for words in phrases}
    nexts: dict[str, set[str]] = {word: set(starters) if word in leading else set() for word in starters}
    for words in phrases:
        nexts[words[0]].update(words[1:2])
    return {word: None if word in alone else frozenset(nexts[word]) for word in starters}


def _not_people(tokens: Sequence[Token], number: Number) -> str | None:
    """Why a number cannot count people, judged by the words around it; None: it can."""
    n = len(tokens)
    before = tokens[number.first - 1].lower if number.first else ""
    after = tokens[number.last].lower if number.last < n else ""
    after2 = tokens[number.last + 1].lower if number.last + 1 < n else ""
    core = tokens[number.last - 1]
    if before in word_list("not_people.yaml", "currency") or after in ("$", "€", "£"):
        return "money"
    if after == "%" or after in ("percent", "pct") or (after == "per" and after2 == "cent"):
        return "percentage"
    if before in ("aged", "age", "ages") or (
        after in ("year", "years", "months", "month", "days", "weeks") and after2.startswith("old")
    ):
        return "age"
    if after.startswith(("-year", "year-old", "years-old", "month-old", "week-old", "day-old")):
        return "age"
    o_clock = after in word_list("not_people.yaml", "clock") or (after, after2) == ("local", "time")
    if o_clock and core.text[0].isdigit():
        return "time"
    months = word_list("not_people.yaml", "months")
    plain = number.rule in ("exact", "interval") and core.text[0].isdigit() and number.last - number.first <= 3
    if plain and (
        (after in months and (after != "may" or tokens[number.last].text != "may"))
        or (before in months and (before != "may" or tokens[number.first - 1].text != "may"))
        or (before == "." and number.first > 1 and tokens[number.first - 2].lower in months)
        or (after == "of" and after2 in months)
    ):
        return "date"
    nouns = people().nouns
    if plain and _YEAR.fullmatch(core.text) and "," not in core.text:
        head = _head_after(tokens, number.last)
        if before in (
            "in",
            "since",
            "of",
            "early",
            "late",
            "until",
            "till",
            "by",
            "during",
            "from",
            "mid",
            ",",
            "year",
            "(",
            "/",
            "'",
            "and",
            "to",
        ) and (head is None):
            return "date"
        if head is None and after not in ("killed", "dead", "wounded", "injured", "deaths", "people"):
            return "date"
    if plain and before in word_list("not_people.yaml", "named_by") and after not in nouns and not _casualty_word(after):
        return "unit_number"
    if plain and before in ("#", "@", "/", "no.", "№") and not _casualty_word(after):
        return "unit_number"
    if plain and number.rule == "exact" and before == "(" and after == ")" and number.first > 1:
        holder = tokens[number.first - 2]
        if holder.text[0].isupper() and 0 < number.value < 111 and holder.lower not in nouns:
            return "age"
    if plain and before == "," and 0 < number.value < _OLD and number.first > 1 and number.rule == "exact":
        holder = tokens[number.first - 2]
        if after == "," and core.text[0].isdigit() and holder.text.isalpha():
            return "age"  # "the usher, 67, who"
        person = is_single(holder.lower) or (holder.text[0].isupper() and holder.lower not in nouns)
        if person and after in (",", ".", ")", "and", ";", "") and core.text[0].isdigit():
            return "age"
    if plain and before == "also" and after == "," and number.first > 1 and tokens[number.first - 2].text == ",":
        return "age"
    if number.reason == "sport_score":
        return "sport_score"
    return _counted_thing(tokens, number.last)


_CASUALTY_WORDS = re.compile(r"kill|dead|death|wound|injur|hurt|fatal|casualt|die|kia$|wia$|shot|martyr|victim|others?$|more$")


def _casualty_word(word: str) -> bool:
    return bool(_CASUALTY_WORDS.match(word))


def _head_after(tokens: Sequence[Token], i: int) -> str | None:
    """The noun for people that ends the run of plain words after token i."""
    tags, nouns, head = grammar(), people().nouns, None
    for t in tokens[i : i + 6]:
        if t.lower in tags or not t.text[0].isalpha() or _small(t.lower) is not None:
            break
        if t.lower in nouns:
            head = t.lower
    return head


def _counted_thing(tokens: Sequence[Token], i: int) -> str | None:
    """The reason of the noun for things that a number stands before, if the run of words after it ends in one."""
    tags, nouns, things = grammar(), people().nouns, not_people()
    found: str | None = None
    for k, t in enumerate(tokens[i : i + 6]):
        low = t.lower
        if k == 0 and low in ("of", "x", "other", "others", "more", "additional"):
            if low == "others":
                return None
            continue
        if low in tags and low not in ("more", "shot"):
            if low in things and found is None and tags[low] not in ("preposition", "conjunction", "be"):
                found = things[low]
            break
        if not t.text[0].isalpha():
            break
        if _casualty_word(low) and low != "shots":
            return found if low in things else None
        if low in nouns and nouns[low].number != "demonym":
            found = None
            if nouns[low].number != "singular":
                return None if _thing_next(tokens, i + k + 1) is None else _thing_next(tokens, i + k + 1)
        elif low in things:
            found = things[low]
            if found in ("duration", "distance", "percentage", "money"):
                return found
        elif low.endswith("'s") and low[:-2] in nouns:
            found = None
    return found


def _thing_next(tokens: Sequence[Token], i: int) -> str | None:
    """The reason of a thing named right after a noun that is the same in singular and plural ("police stations")."""
    if i >= len(tokens) or tokens[i - 1].lower not in ("police", "army", "crew", "staff", "personnel"):
        return None
    return not_people().get(tokens[i].lower)
