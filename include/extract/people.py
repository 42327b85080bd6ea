"""Groups of people named in a run of tokens: "three civilians", "a man", "his wife Sara", "members of the militia".

A mention is a noun phrase. Mentions joined by commas and "and" form a chain ("a woman, her two sons and a neighbour").
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from include.extract.lexicon import grammar, not_people, people, victim_phrases, word_list
from include.extract.quantities import Number
from include.extract.tokens import Token

_RUN = 9
"""Words that a noun phrase can have before its noun."""
_NAME = 9
"""Words of a name."""
_PARTICLES = frozenset(
    {"al", "el", "bin", "ibn", "bint", "abu", "abd", "de", "la", "van", "von", "da", "dos", "del", "of", "-"}
)
_OTHER = frozenset({"other", "others", "more", "additional", "further", "extra", "else"})
_PLURAL_PRONOUNS = frozenset({"they", "them", "those", "everyone", "who", "others", "themselves"})
_SINGULAR_PRONOUNS = frozenset({"he", "she", "him"})
_ORDINALS = frozenset({"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"})
_PART_WORDS = frozenset({"including", "included", "includes", "include"})


@dataclass(slots=True)
class Mention:
    """A noun phrase for people: tokens [first, last), and [first, post) with what describes it ("aged 12", "(54)")."""

    first: int
    last: int
    noun: int
    post: int
    head: str
    value: int
    rule: str
    top: int | None = None
    number: Number | None = None
    victim_class: str = "unknown"
    name: bool = False
    definite: bool = False
    additional: bool = False
    unknown: bool = False
    pronoun: bool = False
    of_them: bool = False
    bare: bool = False
    family: bool = False
    trigger: int | None = None
    """Token of a casualty word inside the phrase ("five civilian deaths", "two wounded soldiers")."""
    index: int = -1
    """Its place among the mentions of the sentence."""
    chain: int = -1
    part: bool = False
    joined: str = ""
    """How it is joined to the mention before it in its chain: "and", "," or "" for the first."""

    @property
    def plural(self) -> bool:
        """More than one person."""
        return self.rule != "exact" or self.value > 1


@dataclass(slots=True)
class Scene:
    """The tokens of a sentence with what was found in them."""

    text: str
    tokens: Sequence[Token]
    numbers: dict[int, Number]
    triggers: dict[int, object]
    mentions: list[Mention] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    """Token -> index of the mention that covers it, or -1."""
    titled: bool = False
    """Most words are capitalised, so that capitals do not show names."""


@cache
def _tables() -> tuple:
    p = people()
    return grammar(), p.nouns, not_people(), p


def find_people(scene: Scene) -> list[Mention]:
    """Find the mentions of a scene, left to right, and set `scene.mentions` and `scene.at`."""
    tokens = scene.tokens
    words = [t for t in tokens if t.text[0].isalpha() and len(t.text) > 3]
    scene.titled = len(words) > 2 and sum(t.text[0].isupper() for t in words) > 0.8 * len(words)
    scene.at = [-1] * len(tokens)
    i = 0
    while i < len(tokens):
        m = _mention_at(scene, i)
        if m is None:
            i += 1
            continue
        index = len(scene.mentions)
        m.index = index
        scene.mentions.append(m)
        for k in range(m.first, m.last):
            scene.at[k] = index
        m.post = max(_post(scene, m), m.last)
        i = m.post if m.post > m.last and scene.tokens[m.last].lower == "(" else m.last
    _chains(scene)
    return scene.mentions


def _mention_at(scene: Scene, i: int) -> Mention | None:
    tokens = scene.tokens
    tags, nouns, things, lex = _tables()
    t = tokens[i]
    low = t.lower
    number = scene.numbers.get(i)
    if number is not None:
        return _numbered(scene, number) if number.reason is None or number.reason == "animal" else None
    tag = tags.get(low)
    if low in ("a", "an", "another", "one"):
        return _counted_one(scene, i)
    if tag == "determiner" or low in ("all", "each", "every", "entire", "whole"):
        return _determined(scene, i)
    if low in _SINGULAR_PRONOUNS or low in _PLURAL_PRONOUNS:
        if low in ("who", "those") and low != "those":
            return None
        plural = low in _PLURAL_PRONOUNS
        rule, value = ("bare_plural", 2) if plural else ("exact", 1)
        return Mention(i, i + 1, i, i + 1, low, value, rule, pronoun=True, definite=low != "others", additional=low == "others")
    if low == "other" and not scene.triggers.get(i):
        m = _phrase(scene, i, i + 1)
        if m is not None:
            m.additional = True
        return m
    if tag is not None or i in scene.triggers or not t.text[0].isalpha():
        if i in scene.triggers and i + 1 < len(tokens) and tokens[i + 1].lower in nouns and _attributive(scene, i):
            return _phrase(scene, i, i)
        return None
    if low in nouns or low in lex.families or low in lex.family_plurals:
        return _phrase(scene, i, i)
    if _modifier(scene, i):
        m = _phrase(scene, i, i)
        if m is not None and not m.unknown:
            return m
    if low in lex.titles or (t.text[0].isupper() and not scene.titled):
        return _named(scene, i)
    return None


def _attributive(scene: Scene, i: int) -> bool:
    """A casualty word that describes the noun after it ("wounded civilians") and is no verb with an object."""
    before = scene.tokens[i - 1].lower if i else ""
    return scene.triggers[i].frame in ("past", "state") and (  # type: ignore[attr-defined]
        i == 0 or before in ("the", "of", "for", "and", "other", "rescued", "evacuated", "transport", "with", "transported")
    )


def _modifier(scene: Scene, i: int) -> bool:
    """A word that can begin a noun phrase without article ("Iraqi soldiers", "pro-regime fighters", "armed men")."""
    low = scene.tokens[i].lower
    return (
        "-" in low
        or low in _class_words()
        or low in word_list("people.yaml", "adjectives")
        or scene.tokens[i].text[0].isupper()
    )


@cache
def _class_words() -> frozenset[str]:
    return frozenset(w for _, words, _ in victim_phrases() for w in words)


def _numbered(scene: Scene, number: Number) -> Mention | None:
    tokens, n = scene.tokens, len(scene.tokens)
    tags, nouns, things, lex = _tables()
    j = number.last
    additional, of_them, definite = number.additional, False, False
    if j < n and tokens[j].lower == "x" and j + 1 < n:
        j += 1
    while j < n and tokens[j].lower in _OTHER:
        additional = True
        j += 1
    if j < n and tokens[j].lower == "of" and j + 1 < n:
        nxt = tokens[j + 1].lower
        if nxt in ("them", "whom", "us", "those", "which"):
            of_them, j = True, j + 2
        else:
            k = j + 1
            while k < n and (tags.get(tokens[k].lower) == "determiner" or (k in scene.numbers and tokens[k].lower != "no")):
                k = scene.numbers[k].last if k in scene.numbers else k + 1
                definite = True
            m = _phrase(scene, number.first, k)
            if m is None:
                return _bare(scene, number, number.last, additional, of_them) if number.value and not number.vague else None
            return _counted(m, number, additional, definite=False)
    if j < n and tokens[j].lower in ("the", "his", "her", "their") and tokens[number.last - 1].lower == "both":
        j += 1
    m = _phrase(scene, number.first, j)
    if m is not None:
        m = _counted(m, number, additional, definite)
        m.of_them = of_them
        if number.rule == "couple" and m.rule == "couple" and m.head in lex.families:
            m.rule = "exact"
        return m
    if tokens[number.first].lower == "a" and number.rule == "couple" and tokens[number.last - 1].lower == "couple":
        return Mention(number.first, number.last, number.last - 1, number.last, "couple", 2, "exact", number=number)
    m = _unknown_noun(scene, number, j)
    if m is not None:
        m.additional |= additional
        m.of_them = of_them
        return m
    return _bare(scene, number, j, additional, of_them)


def _counted(m: Mention, number: Number, additional: bool, definite: bool) -> Mention:
    m.first = number.first
    if m.family and m.value != 1:
        pass
    m.additional |= additional
    m.definite = definite
    m.number = number
    if m.family:
        m.value, m.rule = number.value, ("family" if number.value == 1 else "families")
        if number.vague or number.rule != "exact":
            m.value, m.rule = number.value, "families"
    else:
        m.value, m.rule, m.top = number.value, number.rule, number.top
    m.bare = False
    return m


def _bare(scene: Scene, number: Number, last: int, additional: bool, of_them: bool) -> Mention:
    """A number without a noun: "five", "dozens", "three of them", "two others"."""
    return Mention(
        number.first, last, last, last, "", number.value, number.rule, number.top, number,
        additional=additional, of_them=of_them, bare=True, definite=scene.tokens[number.first].lower == "both",
    )  # fmt: skip


def _unknown_noun(scene: Scene, number: Number, j: int) -> Mention | None:
    """A number and a noun that is in no list: taken for people where the casualty word allows it ("2 ANA", "5 bricklayers")."""
    tokens = scene.tokens
    tags, nouns, things, lex = _tables()
    k = j
    while k < len(tokens) and k - j < 4:
        t = tokens[k]
        if t.lower in tags or k in scene.triggers or k in scene.numbers or not t.text[0].isalpha() or _temporal(t):
            break
        if t.lower.endswith(("ing", "ly", "ed")) and k > j:
            break
        k += 1
    if k == j or tokens[j].lower.endswith("ly"):
        return None
    m = Mention(number.first, k, j, k, tokens[k - 1].lower, number.value, number.rule, number.top, number, unknown=True)
    m.victim_class = victim_class(scene, j, k)
    return _complement(scene, m)


def _temporal(t: Token) -> bool:
    return t.lower in word_list("not_people.yaml", "weekdays") or (
        t.lower in word_list("not_people.yaml", "months") and t.text[0].isupper()
    )


def _counted_one(scene: Scene, i: int) -> Mention | None:
    """ "a soldier", "an injured child", "another man", "a second policeman", "a family of five"."""
    tokens = scene.tokens
    j = i + 1
    additional = tokens[i].lower == "another"
    if j < len(tokens) and tokens[j].lower in _ORDINALS:
        additional, j = True, j + 1
    m = _phrase(scene, i, j)
    if m is None or (m.bare and m.rule == "bare_plural" and not m.family and m.head not in _tables()[3].nouns):
        if additional and j > i + 1 and (j >= len(tokens) or j in scene.triggers or tokens[j].lower in _tables()[0]):
            return None
        return None
    m.first = i
    m.additional = additional
    m.bare = False
    if m.head == "couple":
        m.value, m.rule = 2, "exact"
    elif m.rule == "bare_plural" and not m.family:
        if _tables()[1].get(m.head) and _tables()[1][m.head].number == "plural":
            return m  # "a dozen or so men" and slips of grammar: the noun decides
        m.value, m.rule = 1, "exact"
    return m


def _determined(scene: Scene, i: int) -> Mention | None:
    """ "the soldiers", "his wife", "their three children", "the third victim", "the entire family"."""
    tokens = scene.tokens
    tags, nouns, things, lex = _tables()
    possessive = tokens[i].lower in word_list("grammar.yaml", "possessive")
    j, additional = i + 1, False
    while j < len(tokens) and tokens[j].lower in ("other", "same", "entire", "whole", "of", "the", "two-year-old"):
        additional |= tokens[j].lower == "other"
        j += 1
    if j < len(tokens) and tokens[j].lower in _ORDINALS:
        additional, j = True, j + 1
    if j in scene.numbers:
        number = scene.numbers[j]
        if number.reason is not None:
            return None
        m = _numbered(scene, number)
        if m is not None:
            m.first = i
            m.definite = not possessive
            m.additional |= additional
        return m
    m = _phrase(scene, i, j)
    if m is None:
        return None
    m.first = i
    m.additional = additional
    m.definite = not possessive and not additional and not m.name and m.head not in _tables()[3].kin
    return m


def _phrase(scene: Scene, first: int, j: int) -> Mention | None:
    """A noun phrase whose words start at token j: the last noun for people in the run of plain words there."""
    tokens, n = scene.tokens, len(scene.tokens)
    tags, nouns, things, lex = _tables()
    head = -1
    trigger = None
    k = j
    while k < n and k - j < _RUN:
        t = tokens[k]
        low = t.lower
        if k in scene.triggers:
            frame = scene.triggers[k].frame
            if frame == "count" and scene.triggers[k].reason is None and k > first:
                return Mention(
                    first, k + 1, j, k + 1, low, 2, "bare_plural", trigger=k, bare=True, victim_class=victim_class(scene, j, k)
                )
            if frame in ("past", "state") and head < 0 and _leads_to_noun(scene, k):
                trigger = k if trigger is None else trigger
                k += 1
                continue
            break
        if low in ("-", "–", "/") and k + 1 < n and tokens[k + 1].text[0].isalpha() and tokens[k + 1].start == t.end:
            k += 1
            continue
        if low in ('"', "“", "”", "'", "‘", "’", "[", "]") and k + 1 < n:
            if head >= 0:
                break
            k += 1
            continue
        if k in scene.numbers:
            if scene.numbers[k].reason == "age" and head < 0:
                k = scene.numbers[k].last
                while k < n and tokens[k].lower in ("year", "years", "month", "months", "-", "old", "yr"):
                    k += 1
                continue
            break
        if not t.text[0].isalpha() or _temporal(t):
            break
        noun = nouns.get(low)
        if noun is not None and not (noun.number == "demonym" and _goes_on(scene, k + 1)):
            if (
                head >= 0
                and nouns.get(tokens[head].lower)
                and nouns[tokens[head].lower].number == "plural"
                and noun.number == "singular"
            ):
                break
            head = k
        elif low in lex.families or low in lex.family_plurals:
            head = k
        elif low in ("couple", "pair", "duo", "trio") and head < 0:
            head = k
        elif low in tags:
            break
        elif head >= 0:
            if low.endswith("'s") or low.endswith("s'"):
                head = -1
            elif t.text[0].isupper() and not scene.titled:
                break
            elif low in things:
                if _single(tokens[head].lower):
                    return None
                break
            elif low.endswith(("ed", "ing", "ly")) or not _single(tokens[head].lower):
                break
            else:
                return None  # "a police checkpoint": the noun goes on to something else
        elif low in things and not _goes_on_to_people(scene, k + 1):
            return None
        k += 1
    if head < 0:
        return None
    low = tokens[head].lower
    m = Mention(first, head + 1, j, head + 1, low, 1, "exact", trigger=trigger, bare=True)
    m.victim_class = victim_class(scene, j, head + 1)
    if low in lex.families or low in lex.family_plurals:
        m.family, m.value, m.rule = True, 2, "family" if low in lex.families else "families"
    elif low in ("couple", "duo", "pair"):
        m.value, m.rule = 2, "exact"
    elif low == "trio":
        m.value = 3
    elif not _single(low) or low in ("police", "troops"):
        m.value, m.rule = 2, "bare_plural"
    return _complement(scene, _with_name(scene, m))


def _single(low: str) -> bool:
    noun = people().nouns.get(low)
    return (
        low in people().families or low in ("couple", "pair") or (noun is not None and noun.number in ("singular", "demonym"))
    )


def _leads_to_noun(scene: Scene, k: int) -> bool:
    """A casualty word with a noun for people soon after it, and no object of its own ("two wounded Iraqi soldiers")."""
    tags, nouns, _, _ = _tables()
    for t in scene.tokens[k + 1 : k + 4]:
        if t.lower in nouns:
            return nouns[t.lower].number != "demonym"
        if t.lower in tags or not t.text[0].isalpha():
            return False
    return False


def _goes_on(scene: Scene, k: int) -> bool:
    """A plain word at k that goes on a noun phrase."""
    tags, nouns, things, _ = _tables()
    if k >= len(scene.tokens):
        return False
    t = scene.tokens[k]
    return (
        t.lower in nouns
        or t.lower in things
        or (t.text[0].isalpha() and t.lower not in tags and k not in scene.triggers and not _temporal(t))
    )


def _goes_on_to_people(scene: Scene, k: int) -> bool:
    """A noun for people in the run of plain words at k ("bus passengers", "school children")."""
    tags, nouns, _, lex = _tables()
    for q in range(k, min(k + 4, len(scene.tokens))):
        low = scene.tokens[q].lower
        if low in nouns or low in lex.families:
            return True
        if low in tags or not scene.tokens[q].text[0].isalpha() or q in scene.triggers:
            return False
    return False


def _with_name(scene: Scene, m: Mention) -> Mention:
    """Take in the name after a noun for one person ("journalist Ahmad Saleh")."""
    k = m.last
    if scene.titled or k >= len(scene.tokens):
        return m
    if _capital(scene, k):
        end = _name_end(scene, k)
        if end > k:
            m.last = m.post = end
            m.name = True
    return m


def _capital(scene: Scene, k: int) -> bool:
    t = scene.tokens[k]
    lex = people()
    return (
        t.text[0].isupper()
        and t.lower not in lex.not_names
        and k not in scene.triggers
        and k not in scene.numbers
        and t.lower not in grammar()
    ) or (t.lower.startswith(("al-", "el-", "ar-", "as-", "ash-", "an-", "at-", "az-", "ad-")) and len(t.lower) > 4)


def _name_end(scene: Scene, k: int) -> int:
    """The end of the run of capitalised words at k; k itself where it is the name of a place or body."""
    tokens = scene.tokens
    nouns = people().nouns
    end = k
    while end < len(tokens) and end - k < _NAME:
        t = tokens[end]
        if t.text[0].isupper() and t.lower in people().not_names:
            return k
        if _capital(scene, end):
            noun = nouns.get(t.lower)
            if noun is not None and noun.number == "plural":
                return k
            end += 1
            continue
        if (
            end > k
            and t.lower in _PARTICLES
            and t.lower != "of"
            and end + 1 < len(tokens)
            and tokens[end + 1].text[0].isupper()
        ):
            end += 1
            continue
        if end > k and t.text in (".", '"', "“", "”", "‘", "'") and end + 1 < len(tokens) and tokens[end + 1].text[0].isupper():
            if t.text == "." and len(tokens[end - 1].text) > 3:
                break
            end += 1
            continue
        break
    return end


def _named(scene: Scene, i: int) -> Mention | None:
    """A person's name, with or without a title."""
    tokens = scene.tokens
    lex = people()
    k = i
    titled = False
    while k < len(tokens) and tokens[k].lower in lex.titles:
        k += 1
        titled = True
        if k < len(tokens) and tokens[k].text == ".":
            k += 1
    if k >= len(tokens) or not tokens[k].text[0].isalpha() or (not tokens[k].text[0].isupper() and not _capital(scene, k)):
        return None
    end = _name_end(scene, k)
    if end == k:
        return None
    if end - k == 1 and not titled and k == 0 and tokens[k].lower.endswith(("s", "ing", "ed", "ly")):
        return None
    m = Mention(i, end, i, end, tokens[k].lower, 1, "exact", name=True)
    if titled:
        m.victim_class = victim_class(scene, i, k)
    return m


def _complement(scene: Scene, m: Mention) -> Mention:
    """Take in "of the Iran-backed militia", "of the Saleh family"; "a family of five" gets its size."""
    tokens, n = scene.tokens, len(scene.tokens)
    tags, nouns, things, lex = _tables()
    k = m.last
    if k + 1 >= n or tokens[k].lower not in ("of", "from") or m.trigger is not None and m.last == m.trigger + 1:
        return m
    if m.family and tokens[k].lower == "of":
        number = scene.numbers.get(k + 1)
        if number is not None and number.reason is None:
            m.family, m.value, m.rule, m.top, m.number = False, number.value, number.rule, number.top, number
            m.last = m.post = number.last
            return m
    of = tokens[k].lower == "of"
    if of and not (m.head in lex.of_nouns or m.unknown):
        return m
    j = k + 1
    if not of and not (j < n and tags.get(tokens[j].lower) == "determiner"):
        return m
    end = j
    while end < n and end - j < 10:
        t = tokens[end]
        tag = tags.get(t.lower)
        if end in scene.triggers or _temporal(t):
            break
        if tag is not None and not (tag == "determiner" and end == j) and not (t.lower in ("of", "for") and end > j):
            break
        if t.lower in ("of", "for") and not (
            end + 1 < n and tokens[end + 1].text[0].isupper() or tokens[end + 1].lower == "the"
        ):
            break
        if end in scene.numbers and scene.numbers[end].reason is None and end > j:
            break
        if not (t.text[0].isalnum() or t.text in "\"“”‘’'"):
            break
        end += 1
    while end > j and not tokens[end - 1].text[0].isalnum() and tokens[end - 1].text not in '"”':
        end -= 1
    while end > j and tags.get(tokens[end - 1].lower) in ("determiner", "preposition"):
        end -= 1
    if end == j:
        return m
    if not of:
        if any(t.lower in lex.families for t in tokens[j:end]):
            m.last = m.post = end
        return m
    m.last = m.post = end
    if m.victim_class in ("unknown", "state_forces"):
        inner = victim_class(scene, j, end)
        m.victim_class = inner if inner != "unknown" else m.victim_class
        if any(t.lower in lex.families for t in tokens[j:end]) and m.victim_class == "unknown":
            m.victim_class = "civilians"
    return m


def victim_class(scene: Scene, first: int, last: int) -> str:
    """The class of victims that the words of tokens [first, last) name (data/victim_classes.yaml, people.yaml)."""
    if first >= last:
        return "unknown"
    words = [t.lower for t in scene.tokens[first:last]]
    tags, nouns, things, lex = _tables()
    fighting = word_list("victim_classes.yaml", "fighting")
    head = next((w for w in reversed(words) if w in nouns), words[-1])
    own = nouns[head].victim_class if head in nouns else "unknown"
    if own == "civilians" and head not in fighting:
        return own
    joined = " ".join(words)
    groups = lex.women | lex.children
    for name, singles, phrases in victim_phrases():
        if any(p in joined for p in phrases) or any(w in singles for w in words):
            if name == "external_forces" and head not in fighting and own == "unknown":
                continue
            if name == "civilians" and own not in ("unknown", "civilians"):
                continue
            if head in groups and name in ("external_forces", "state_forces"):
                continue
            return name
    if head in groups:
        return "civilians"
    return own


def _post(scene: Scene, m: Mention) -> int:
    """The end of what describes a mention: an age, brackets, "from Homs", "in the village"."""
    tokens, n = scene.tokens, len(scene.tokens)
    tags = grammar()
    k = m.last
    for _ in range(4):
        if k >= n:
            return k
        low = tokens[k].lower
        if low in ("(", "["):
            close = next((q for q in range(k + 1, min(k + 40, n)) if tokens[q].text in (")", "]")), None)
            if close is None:
                return k
            k = close + 1
        elif low == "aged" or low == "age":
            q = k + 1
            while (
                q < n
                and q - k < 8
                and (
                    q in scene.numbers
                    or tokens[q].lower in ("and", ",", "months", "years", "to", "between")
                    or tokens[q].text[0].isdigit()
                )
            ):
                q += 1
            while q > k + 1 and tokens[q - 1].lower in ("and", ","):
                q -= 1
            k = q
        elif low == "," and k + 1 < n and _age_at(scene, k + 1):
            k = _age_at(scene, k + 1)
            if k < n and tokens[k].lower == "," and k + 1 < n and tokens[k + 1].lower in ("was", "were", "and"):
                k += 1 if tokens[k + 1].lower != "and" else 0
        elif low in ("from", "in", "at", "of", "near") and k + 1 < n and not (m.bare and not m.head):
            q = k + 1
            while q < n and q - k < 8:
                t = tokens[q]
                tag = tags.get(t.lower)
                if (
                    (tag is not None and tag not in ("determiner",) and t.lower not in ("of", "in"))
                    or q in scene.triggers
                    or _temporal(t)
                ):
                    break
                if not t.text[0].isalnum() and t.text not in "-'’":
                    break
                if q in scene.numbers and scene.numbers[q].reason is None:
                    break
                q += 1
            if q == k + 1:
                return k
            k = q
        else:
            return k
    return k


def _age_at(scene: Scene, k: int) -> int:
    """The end of an age that stands alone between commas ("Ahmad, 22, and"), or 0."""
    tokens, n = scene.tokens, len(scene.tokens)
    if k >= n or not tokens[k].text[0].isalnum():
        return 0
    number = scene.numbers.get(k)
    if number is None or not (
        number.reason == "age" or (number.reason is None and 0 < number.value < 111 and number.rule == "exact")
    ):
        return 0
    end = number.last
    while end < n and tokens[end].lower in ("year", "years", "months", "month", "old", "-"):
        end += 1
    if end >= n or tokens[end].text in (",", ";", ".", ")") or tokens[end].lower in ("and", "was", "were"):
        return end
    return 0


_MANNERS = frozenset({"critically", "seriously", "severely", "fatally", "gravely", "badly", "lightly", "slightly", "mortally"})
_AND = frozenset({"and", "&", "plus"})
_WITH = (("as", "well", "as"), ("along", "with"), ("together", "with"), ("alongside",), ("in", "addition", "to"), ("with",))


def _link(scene: Scene, a: Mention, b: Mention) -> str | None:
    """How two mentions are joined: "and", "," or None."""
    words = [t.lower for t in scene.tokens[a.post : b.first]]
    if not words or len(words) > 5:
        return None
    if words[0] == ",":
        words = words[1:]
        comma = True
    else:
        comma = False
    if not words:
        return ","
    if words[0] in _AND:
        rest = words[1:]
        if rest and rest[0] in ("also", "possibly", "later", ","):
            rest = rest[1:]
        return None if rest else "and"
    if words == ["or"]:
        return "or"
    for phrase in _WITH:
        if tuple(words) == phrase and (phrase != ("with",) or (comma is False and b.head in people().kin)):
            return "and"
    return None


def _chains(scene: Scene) -> None:
    """Number the chains of mentions, and mark those that are parts of another ("including two children")."""
    chain = -1
    before: Mention | None = None
    for m in scene.mentions:
        link = _link(scene, before, m) if before is not None and not before.pronoun else None
        m.part = m.of_them or (before is not None and _aside(scene, m)) or _introduced_as_part(scene, m)
        if link is not None and before is not None and not m.part:
            m.joined, m.part = link, before.part and not before.of_them
        else:
            chain += 1
        m.chain = chain
        before = m


def _aside(scene: Scene, m: Mention) -> bool:
    """ "some critically" after a group."""
    manners = word_list("people.yaml", "manners")
    return m.bare and not m.head and m.post < len(scene.tokens) and scene.tokens[m.post].lower in manners


def _introduced_as_part(scene: Scene, m: Mention) -> bool:
    """ "including two children", "among them a nurse"."""
    p = m.first - 1
    while p >= 0 and (scene.tokens[p].lower.endswith("ly") or scene.tokens[p].lower in ("also", ":", "many", "the")):
        p -= 1
    if p < 0:
        return False
    words = (scene.tokens[p - 1].lower if p else "", scene.tokens[p].lower)
    return words[1] in _PART_WORDS or words in (("among", "them"), ("among", "whom"), ("among", "those"))
