"""Groups of people named in a run of tokens: "three civilians", "a man", "his wife Sara", "members of the militia".

A mention is a noun phrase: a number or article, the words up to the last noun for people, and "of the ..." after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from include.extract.lexicon import grammar, is_single, not_people, people, victim_phrases, word_list
from include.extract.names import is_capital, is_temporal, name_end
from include.extract.quantities import Number, small_number
from include.extract.tokens import Token
from include.extract.triggers import Trigger

_RUN = 9
"""Words that a noun phrase can have before its noun."""
_COMPLEMENT = 12
"""Words of "of the Iran-backed militia"."""
_BRACKETS = 40
"""Tokens in brackets after a mention."""
_ADULT = 18
"""Years."""
_ASIDE = 14
"""Tokens of "running for a seat" between a mention and a comma."""
_OTHER = frozenset({"other", "others", "more", "additional", "further", "extra", "else"})
_PLURAL_PRONOUNS = frozenset({"they", "them", "those", "everyone", "others", "all"})
_SINGULAR_PRONOUNS = frozenset({"he", "she", "him", "himself", "herself"})
_ARTICLES = frozenset({"a", "an", "another", "one"})
_ALL = frozenset({"all", "each", "every", "entire", "whole"})
_ANYONE = frozenset({"anyone", "anybody"})
ORDINALS = frozenset({"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"})
_AGE_WORDS = frozenset(
    {"year", "years", "month", "months", "year-old", "month-old", "years-old", "-", "–", "old", "yr", "olds"}
)
_INNER_MARKS = frozenset('-–/"“”‘’[]')
_AGED = frozenset({"aged", "age", "ages"})
_THEIR = frozenset({"his", "her", "their"})
_PARTITIVES = frozenset({"them", "whom", "us", "those", "which"})
_INNER_HEADS = frozenset(
    {"relatives", "families", "family", "friends", "parents", "mothers", "wives", "widows", "colleagues", "names", "number"}
)


@dataclass(slots=True)
class Mention:
    """A noun phrase for people: tokens [first, last), and [first, post) with what describes it ("aged 12", "(54)")."""

    first: int
    last: int
    noun: int
    """Where the words for the people begin, after the number."""
    post: int
    head: str
    value: int
    rule: str
    top: int | None = None
    number: Number | None = None
    victim_class: str = "unknown"
    name: bool = False
    """It has a person's name."""
    definite: bool = False
    additional: bool = False
    unknown: bool = False
    """The noun is in no list; taken for people where the casualty word allows it."""
    pronoun: bool = False
    of_them: bool = False
    """ "three of them"."""
    bare: bool = False
    """Without article."""
    family: bool = False
    trigger: int | None = None
    """Token of a casualty word inside the phrase ("five civilian deaths", "two wounded soldiers")."""
    inner: int | None = None
    """Token after "of" where others stand inside ("relatives of soldiers")."""
    index: int = -1
    """Its place among the mentions of the sentence."""
    chain: int = -1
    part: bool = False
    """It is a part of a group named before ("including two children")."""
    whole: Number | None = None
    """How many they are of ("one of four people")."""
    joined: str = ""
    """How it is joined to the mention before it in its chain: "and", "or", "," or "" for the first."""


@dataclass(slots=True)
class Scene:
    """The tokens of a sentence with what was found in them."""

    text: str
    tokens: Sequence[Token]
    numbers: dict[int, Number]
    triggers: dict[int, Trigger]
    mentions: list[Mention] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    """Token -> index of the mention that covers it, or -1."""
    titled: bool = False
    """Most words are capitalised, so that capitals do not show names."""
    words: list[str] = field(init=False)
    """Token -> its word in lower case."""
    tags: list[str | None] = field(init=False)
    """Token -> the closed class of its word."""

    def __post_init__(self) -> None:
        self.words = [t.lower for t in self.tokens]
        self.tags = [*map(grammar().get, self.words)]

    def lower(self, k: int) -> str:
        """The word at token k in lower case; empty outside the sentence."""
        return self.words[k] if 0 <= k < len(self.words) else ""

    def tag(self, k: int) -> str | None:
        """The closed class of the word at token k."""
        return self.tags[k] if 0 <= k < len(self.tags) else None


def find_people(scene: Scene) -> None:
    """Find the mentions of a scene, left to right, and set `scene.mentions`, `scene.at` and `scene.titled`."""
    tokens = scene.tokens
    words = [t.text[0].isupper() for t in tokens if len(t.text) > 3 and t.text[0].isalpha()]
    scene.titled = len(words) > 2 and sum(words) > 0.8 * len(words)
    scene.at = [-1] * len(tokens)
    openers, free = _openers(), 0
    for i, t in enumerate(tokens):
        opens = t.lower in openers or t.text[0].isupper() or i in scene.numbers or i in scene.triggers or "-" in t.lower
        if not opens or i < free or (m := _mention_at(scene, i)) is None:
            continue
        m.index = len(scene.mentions)
        scene.mentions.append(m)
        scene.at[m.first : m.last] = [m.index] * (m.last - m.first)
        m.post = max(_post(scene, m), m.last)
        brackets = scene.lower(m.last) in ("(", "[")
        others = not brackets and any(scene.lower(k) in people().nouns for k in range(m.last, m.post))
        free = m.last if others else m.post


@cache
def _openers() -> frozenset[str]:
    """The words in lower case that a mention can begin with, numbers and casualty words aside."""
    lex = people()
    determiners = (word for word, tag in grammar().items() if tag == "determiner")
    groups = (singles for _, singles, _ in victim_phrases())
    return frozenset(_ARTICLES | _ALL | _SINGULAR_PRONOUNS | _PLURAL_PRONOUNS | _ANYONE | {"her", "other", *determiners}).union(
        lex.nouns, lex.families, lex.family_plurals, lex.titles, word_list("people.yaml", "adjectives"), *groups
    )


def inner_mention(scene: Scene, m: Mention) -> Mention:
    """Of "the relatives of three soldiers", the soldiers; any other mention as it is."""
    if m.inner is None or m.head not in _INNER_HEADS:
        return m
    found = _mention_at(scene, m.inner)
    if found is None or found.unknown:
        return m
    found.index, found.post = m.index, max(m.post, found.last)
    return found


def _mention_at(scene: Scene, i: int) -> Mention | None:
    low, tag = scene.lower(i), scene.tag(i)
    number = scene.numbers.get(i)
    if number is not None:
        if number.reason in ("age", "duration"):
            return _after_age(scene, i)
        return _numbered(scene, number) if number.reason in (None, "animal") else None
    if low in _ARTICLES:
        return _counted_one(scene, i)
    if low == "all" and (scene.tag(i + 1) == "be" or i + 1 in scene.triggers):
        return _pronoun(i, low)
    if low == "her" and (scene.tag(i + 1) in ("conjunction", "preposition", "clause") or scene.lower(i + 1) in (",", ".", "")):
        return _pronoun(i, low)
    if tag == "determiner" or low in _ALL:
        return _pronoun(i, low) if low == "those" and _ends_here(scene, i + 1) else _determined(scene, i)
    if low in _ANYONE:
        return Mention(i, i + 1, i + 1, i + 1, low, 0, "exact", bare=True)
    if low in _SINGULAR_PRONOUNS or low in _PLURAL_PRONOUNS:
        return _pronoun(i, low)
    if low == "other" and i not in scene.triggers:
        m = _phrase(scene, i, i + 1)
        if m is not None:
            m.additional = True
        return m
    if i in scene.triggers:
        return _phrase(scene, i, i) if scene.lower(i + 1) in people().nouns and _attributive(scene, i) else None
    if tag is not None or not scene.tokens[i].text[0].isalpha():
        return None
    return _without_article(scene, i)


def _pronoun(i: int, low: str) -> Mention:
    rule, value = ("bare_plural", 2) if low in _PLURAL_PRONOUNS else ("exact", 1)
    others = low == "others"
    return Mention(i, i + 1, i, i + 1, low, value, rule, pronoun=True, definite=not others, additional=others)


def _ends_here(scene: Scene, k: int) -> bool:
    """ "those killed", "those who": a pronoun, not an article."""
    return k in scene.triggers or scene.tag(k) in ("relative", "preposition", "be")


def _attributive(scene: Scene, i: int) -> bool:
    """A casualty word that describes the noun after it ("wounded civilians") and is no verb with an object."""
    before = scene.lower(i - 1)
    return scene.triggers[i].frame in ("past", "state") and (
        i == 0
        or scene.tag(i - 1) in ("preposition", "determiner", "report")
        or before.endswith("ing")
        or before in ("rescued", "said")
    )


def _without_article(scene: Scene, i: int) -> Mention | None:
    """ "soldiers", "Iraqi soldiers", "Sheikh Saleh", "Sara Nasser"."""
    low, lex = scene.lower(i), people()
    if low in lex.nouns or low in lex.families or low in lex.family_plurals or _modifier(scene, i):
        m = _phrase(scene, i, i)
        if m is not None:
            return m
    if low in lex.titles or scene.titled:
        return _named(scene, i) if low in lex.titles else None
    named = _named(scene, i)
    if named is not None and scene.lower(i - 1) in ("a", "an") and _goes_on(scene, named.last):
        return None  # "an Omdurman bus"
    return named


def _modifier(scene: Scene, i: int) -> bool:
    """A word that can begin a noun phrase without article ("Iraqi soldiers", "pro-regime fighters", "armed men")."""
    low = scene.lower(i)
    if "-" in low or scene.tokens[i].text[0].isupper() or low in word_list("people.yaml", "adjectives"):
        return True
    return any(low in words for _, words, _ in victim_phrases())


def _after_age(scene: Scene, i: int) -> Mention | None:
    """ "35-year-old Sabri Saleh", "12-year-old boy"."""
    k = _skip_age(scene, i)
    if k == i:
        return None
    m = _phrase(scene, i, i) or _named(scene, k)
    if m is not None:
        m.first = m.noun = i
    return m


def _skip_age(scene: Scene, k: int) -> int:
    """The token after an age at k; k itself where there is none."""
    number = scene.numbers.get(k)
    if number is None or number.reason != "age":
        return k
    k = number.last
    while scene.lower(k) in _AGE_WORDS:
        k += 1
    return k


def _numbered(scene: Scene, number: Number) -> Mention | None:
    """ "five civilians", "dozens", "two others", "three of them", "12 of the passengers"."""
    j, additional = number.last, number.additional
    if scene.lower(j) == "x" and j + 1 < len(scene.tokens):
        j += 1
    while j < len(scene.tokens) and (
        scene.lower(j) in _OTHER
        or (scene.lower(j) in "\"”’'" and scene.lower(j + 1) == "of")
        or (scene.lower(j) == "of" and scene.lower(j + 1) in _OTHER)
    ):
        additional |= scene.lower(j) in _OTHER
        j += 1
    both = scene.lower(number.first) == "both"
    bare = Mention(
        number.first, j, j, j, "", number.value, number.rule, number.top, number,
        additional=additional, bare=True, definite=both or scene.lower(number.first) == "all",
    )  # fmt: skip
    if scene.lower(j) == "of" and j + 1 < len(scene.tokens):
        if scene.lower(j + 1) in _PARTITIVES:
            whole = replace(bare, last=j + 2, noun=j + 2, post=j + 2, of_them=True)
            k = j + 2 + (scene.lower(j + 2) in ("a", "an"))
            m = _phrase(scene, number.first, k)  # "one of them a girl", "one of them Omar Saleh"
            m = m or (_named(scene, k) if k < len(scene.tokens) and number.value == 1 else None)
            return whole if m is None else _counted(m, number, of_them=True)
        k = j + 1
        of = scene.numbers.get(k)
        while scene.tag(k) == "determiner" or (k in scene.numbers and scene.lower(k) != "no"):
            k = scene.numbers[k].last if k in scene.numbers else k + 1
        if k - 1 in scene.numbers and k in scene.triggers:  # "six of the 15 wounded"
            return replace(bare, last=j + 1, noun=j + 1, post=j + 1, of_them=True)
        if k > j + 1 and k in scene.triggers and scene.triggers[k].frame in ("past", "state") and not _leads_to_noun(scene, k):
            return replace(bare, last=k + 1, noun=k + 1, post=k + 1, of_them=True)  # "six of the injured"
        m = _phrase(scene, number.first, k)
        if m is None:
            return None if number.vague else bare
        m.whole = of if of is not None and not (of.none or of.reason) else None
        return _counted(m, number, additional=additional)
    if scene.lower(number.last - 1) == "both" and scene.tag(j) == "determiner":
        j += 1
    if bare.value == 1 and bare.rule == "exact" and scene.lower(j) in ("a", "an"):
        m = _phrase(scene, number.first, j + 1)
        return bare if m is None else _counted(m, number, of_them=True)  # "two men, one a former policeman,"
    m = _phrase(scene, number.first, j)
    if m is not None:
        m.definite = both
        return _counted(m, number, additional=additional)
    if number.rule == "couple" and scene.lower(number.last - 1) == "couple":
        return replace(bare, rule="exact", head="couple", noun=number.last - 1, last=number.last, post=number.last)
    m = _unknown_noun(scene, bare, j)
    if number.none and m is not None:
        return None  # "no information"
    return m or bare


def _counted(m: Mention, number: Number, additional: bool | None = None, of_them: bool = False) -> Mention:
    """A noun phrase with the number before it."""
    m.first, m.number, m.value, m.bare, m.of_them = number.first, number, number.value, False, of_them
    if m.family:
        m.rule = "family" if number.value == 1 and number.rule == "exact" else "families"
    else:
        m.rule, m.top = number.rule, number.top
    if additional is not None:
        m.additional = additional
    return m


def _unknown_noun(scene: Scene, bare: Mention, j: int) -> Mention | None:
    """A number and a noun that is in no list ("2 ANA", "5 bricklayers")."""
    k = j
    while k < len(scene.tokens) and k - j < 4:
        t = scene.tokens[k]
        stops = t.lower in grammar() or k in scene.triggers or k in scene.numbers or is_temporal(t) or not t.text[0].isalpha()
        if stops or t.lower.endswith("ly") or (t.lower.endswith(("ing", "ed")) and k > j):
            break
        k += 1
    if k == j or scene.lower(k - 1) in not_people():
        return None
    m = replace(
        bare, last=k, noun=j, post=k, head=scene.lower(k - 1), victim_class=victim_class(scene, j, k), unknown=True, bare=False
    )
    return _complement(scene, m)


def _counted_one(scene: Scene, i: int) -> Mention | None:
    """ "a soldier", "an injured child", "another man", "a second policeman", "a family of five"."""
    ordinal = scene.lower(i + 1) in ORDINALS
    m = _phrase(scene, i, i + 1 + ordinal)
    if m is None and (ordinal or scene.lower(i) == "another"):
        k = i + 1 + ordinal
        manner = scene.lower(k).endswith("ly") and k + 1 in scene.triggers
        if scene.tag(k) in ("be", "have", "adverb") or k in scene.triggers or i - 1 in scene.triggers or manner:
            return Mention(i, k, k, k, "", 1, "exact", additional=True)  # "another wounded"
    if m is None:
        k = _skip_age(scene, i + 1)
        named = _named(scene, k) if k > i + 1 and k < len(scene.tokens) else None
        if named is not None:
            named.first, named.noun = i, i + 1
        return named
    m.first, m.additional, m.bare = i, scene.lower(i) == "another" or ordinal, False
    noun = people().nouns.get(m.head)
    if m.rule == "bare_plural" and m.trigger is None and noun is not None and noun.number != "plural":
        m.value, m.rule = 1, "exact"
    return m


def _determined(scene: Scene, i: int) -> Mention | None:
    """ "the soldiers", "his wife", "their three children", "the third victim", "the entire family"."""
    possessive = scene.lower(i) in word_list("grammar.yaml", "possessive")
    j, additional = i + 1, False
    while scene.lower(j) in ("other", "same", "entire", "whole", "the"):
        additional |= scene.lower(j) == "other"
        j += 1
    if scene.lower(j) in ORDINALS:
        additional, j = True, j + 1
    if j in scene.numbers and scene.numbers[j].reason != "age":
        m = _mention_at(scene, j)
        if m is not None:
            m.first, m.definite, m.additional = i, not possessive, m.additional or additional
        return m
    of_them = scene.lower(j + 1) == "of" and scene.lower(j + 2) in _PARTITIVES
    if of_them and scene.lower(j) in word_list("people.yaml", "superlatives"):
        return Mention(i, j + 3, j + 3, j + 3, "", 1, "exact", of_them=True)  # "the oldest of them"
    m = _phrase(scene, i, j)
    if m is None:
        return None
    m.definite = not (possessive or additional or m.name or m.head in people().kin)
    m.first, m.additional, m.bare = i, additional, False
    return m


def _phrase(scene: Scene, first: int, j: int) -> Mention | None:
    """A noun phrase whose words start at token j: the last noun for people in the run of plain words there."""
    lex = people()
    nouns, triggers, words = lex.nouns, scene.triggers, scene.words
    age = k = _skip_age(scene, j)
    head, trigger = -1, None
    last = min(len(words), j + _RUN + 4)
    while k < last:
        low, t = words[k], scene.tokens[k]
        if k in triggers:
            if triggers[k].frame == "count" and triggers[k].reason is None and k > first:
                kind = victim_class(scene, j, k)
                return Mention(first, k + 1, j, k + 1, low, 2, "bare_plural", victim_class=kind, trigger=k, bare=True)
            if head >= 0 or triggers[k].frame not in ("past", "state") or not _leads_to_noun(scene, k):
                break
            trigger = k
        elif low in _INNER_MARKS:
            if head >= 0 and not (low in "-–/" and scene.tokens[k - 1].end == t.start):
                break
        elif k in scene.numbers:
            if head >= 0 or scene.numbers[k].reason != "age":
                break
            k = _skip_age(scene, k)
            continue
        elif not t.text[0].isalpha() or is_temporal(t):
            break
        elif low in nouns and not (nouns[low].number == "demonym" and _goes_on(scene, k + 1)):
            if head >= 0 and words[head] in nouns and nouns[words[head]].number == "plural" and is_single(low):
                break
            head = k
        elif low in lex.families or low in lex.family_plurals or (low in lex.pairs and head < 0):
            head = k
        elif scene.tags[k] is not None:
            break
        elif head < 0:
            if low in not_people() and not _leads_to_noun(scene, k):
                return None
        elif low.endswith(("'s", "s'")):
            head = -1
        elif words[head] in word_list("people.yaml", "adjectives") and t.text[0].isupper() and _noun_at(scene, k + 1):
            head = -1  # "two elderly Jesuit priests"
        elif (
            (t.text[0].isupper() and not scene.titled)
            or low.endswith(("ed", "ing", "ly"))
            or low in word_list("people.yaml", "participles")
            or not is_single(words[head])
        ):
            break
        else:
            return None  # "a police checkpoint": the noun goes on to something else
        k += 1
    if head < 0 and age > j and (k == age or words[age].endswith("ed")):
        return _aged(scene, first, j, age)
    demonym = head >= 0 and scene.lower(head) in nouns and nouns[scene.lower(head)].number == "demonym"
    if head < 0 or (demonym and first == j and head + 1 not in scene.triggers):
        return None  # "Israeli" alone is an adjective
    return _headed(scene, first, j, head, trigger)


def _noun_at(scene: Scene, k: int) -> bool:
    return k < len(scene.words) and scene.words[k] in people().nouns


def _aged(scene: Scene, first: int, j: int, last: int) -> Mention | None:
    """ "a 16-year-old", "two 16-year-olds": people known by their age alone."""
    word = scene.words[j]
    if not word.endswith(("-old", "-olds")):
        return None
    years = small_number(word) if "year" in word else 0
    head = "person" if years is None or years >= _ADULT else "child"
    many = word.endswith("s")
    return Mention(
        first, last, j, last, head, 2 if many else 1, "bare_plural" if many else "exact",
        victim_class="unknown" if head == "person" else "civilians", bare=True,
    )  # fmt: skip


def _headed(scene: Scene, first: int, j: int, head: int, trigger: int | None) -> Mention:
    """The mention of the noun at token `head`."""
    low, lex = scene.lower(head), people()
    m = Mention(first, head + 1, j, head + 1, low, 1, "exact", trigger=trigger, bare=True)
    m.victim_class = victim_class(scene, j, head + 1)
    if low in lex.families or low in lex.family_plurals:
        m.family, m.value, m.rule = True, 2, "family" if low in lex.families else "families"
    elif low in lex.pairs:
        m.value = lex.pairs[low]
    elif not is_single(low):
        m.value, m.rule = 2, "bare_plural"
    return _complement(scene, _with_name(scene, m))


def _leads_to_noun(scene: Scene, k: int) -> bool:
    """A noun for people comes soon after token k in a run of plain words ("wounded Iraqi soldiers", "bus passengers")."""
    for q in range(k + 1, min(k + 5, len(scene.tokens))):
        low = scene.lower(q)
        if low in people().nouns or low in people().families:
            return low in people().families or people().nouns[low].number != "demonym"
        if low in grammar() or not scene.tokens[q].text[0].isalpha() or q in scene.triggers:
            return False
    return False


def _goes_on(scene: Scene, k: int) -> bool:
    """A plain word at k goes on the noun phrase, so that a demonym before it is an adjective."""
    if k >= len(scene.tokens):
        return False
    t = scene.tokens[k]
    return t.text[0].isalpha() and t.lower not in grammar() and k not in scene.triggers and not is_temporal(t)


def _with_name(scene: Scene, m: Mention) -> Mention:
    """Take in the name after a noun ("journalist Ahmad Saleh", "a boy called Omar")."""
    k = m.last
    if scene.titled or k >= len(scene.tokens):
        return m
    if scene.lower(k) in ("called", "named"):
        k += 1
    if k < len(scene.tokens) and is_capital(scene.tokens[k]) and k not in scene.triggers and k not in scene.numbers:
        end = name_end(scene.tokens, k)
        if end > k:
            m.last, m.post, m.name = end, end, True
    return m


def _named(scene: Scene, i: int) -> Mention | None:
    """A person's name, with or without a title."""
    k = i
    while scene.lower(k) in people().titles:
        k += 1 + (scene.lower(k + 1) == ".")
    titled = k > i
    if k >= len(scene.tokens) or k in scene.numbers or k in scene.triggers or not is_capital(scene.tokens[k]):
        return None
    end = name_end(scene.tokens, k)
    end = next((q for q in range(k, end) if q in scene.triggers), end)
    if end == k:
        return None
    first = end == 1 or (end == 2 and not scene.tokens[0].text[0].isalnum())
    if first and end - k == 1 and not titled and not _is_subject(scene, k, end):
        return None  # "Shelling ...", "So, ...": the first word of a sentence
    return Mention(i, end, i, end, scene.lower(k), 1, "exact", victim_class=victim_class(scene, i, k), name=True)


def _is_subject(scene: Scene, k: int, end: int) -> bool:
    """The one capitalised word at the start of a sentence can be a name: what follows treats it as one."""
    if scene.lower(k).endswith(("s", "ing", "ed", "ly")):
        return False
    return scene.tag(end) in ("be", "have") or end in scene.triggers or scene.lower(end) == "and"


def _complement(scene: Scene, m: Mention) -> Mention:
    """Take in "of the Iran-backed militia", "from the Saleh family"; "a family of five" gets its size."""
    k, lex = m.last, people()
    preposition = scene.lower(k)
    if preposition not in ("of", "from") or k + 1 >= len(scene.tokens):
        return m
    if m.family and preposition == "of":
        number = scene.numbers.get(k + 1)
        inside = _phrase(scene, number.last, number.last) if number is not None else None
        if number is not None and number.reason is None and (inside is None or inside.head in ("people", "persons", "members")):
            m.family, m.number, m.value, m.rule, m.top = False, number, number.value, number.rule, number.top
            m.last = m.post = number.last
            return m
    if preposition == "of" and not (m.head in lex.of_nouns or m.head in lex.kin or m.unknown or m.name):
        return m
    end = _complement_end(scene, k + 1)
    of_family = any(t.lower in lex.families or t.lower in lex.family_plurals for t in scene.tokens[k + 1 : end])
    if end == k + 1 or (preposition == "from" and not of_family):
        return m
    m.last, m.post, m.inner = end, end, k + 1
    if m.victim_class in ("unknown", "state_forces"):
        inner = victim_class(scene, k + 1, end)
        default = "civilians" if of_family and m.victim_class == "unknown" else m.victim_class
        m.victim_class = default if inner == "unknown" else inner
    return m


def _complement_end(scene: Scene, j: int) -> int:
    """The end of the plain words after "of" at j, with "of" and "and" where a name goes on."""
    end = j
    while end < len(scene.tokens) and end - j < _COMPLEMENT:
        t, tag = scene.tokens[end], scene.tag(end)
        nxt = scene.tokens[end + 1] if end + 1 < len(scene.tokens) else None
        if (
            (end in scene.triggers and not _in_name(scene, end))
            or is_temporal(t)
            or (end > j and end in scene.numbers and scene.numbers[end].reason is None)
        ):
            break
        if t.lower in ("of", "for", "and"):
            named = nxt is not None and (nxt.text[0].isupper() or (nxt.lower == "the" and t.lower != "and"))
            if end == j or not named or (t.lower == "and" and not _family_ahead(scene, end + 1)):
                break
        elif (tag is not None and not (tag in ("determiner", "article") and end <= j + 1)) or not (
            t.text[0].isalnum() or t.text in "\"“”‘’'"
        ):
            break
        end += 1
    while end > j and (scene.tag(end - 1) in ("determiner", "preposition") or not scene.tokens[end - 1].text[0].isalnum()):
        if scene.tokens[end - 1].text in '"”':
            break
        end -= 1
    return end


def _in_name(scene: Scene, k: int) -> bool:
    """A casualty word that is part of a name ("the New Life Party")."""
    return not scene.titled and scene.triggers[k].frame in ("lives", "body") and scene.tokens[k].text[0].isupper()


def _family_ahead(scene: Scene, k: int) -> bool:
    """ "and Badrasawi families"."""
    lex = people()
    return any(scene.lower(q) in lex.family_plurals or scene.lower(q) in lex.families for q in range(k, k + 4))


def victim_class(scene: Scene, first: int, last: int) -> str:
    """The class of victims that the words of tokens [first, last) name (data/victim_classes.yaml, people.yaml)."""
    return class_of_words(tuple(scene.words[first:last])) if first < last else "unknown"


@lru_cache(maxsize=4096)
def class_of_words(words: tuple[str, ...]) -> str:
    """The class of victims that words in lower case name; unknown where they name none."""
    lex = people()
    fighting = word_list("victim_classes.yaml", "fighting")
    head = next((w for w in reversed(words) if w in lex.nouns), words[-1])
    own = lex.nouns[head].victim_class if head in lex.nouns else "unknown"
    group = head in lex.women or head in lex.children
    if own == "civilians" and head not in fighting:
        return own
    joined = " ".join(words)
    for name, singles, phrases in victim_phrases():
        if not (any(w in singles for w in words) or any(p in joined for p in phrases)):
            continue
        foreigner = name == "external_forces" and head not in fighting and own == "unknown"
        kin = group and name in ("external_forces", "state_forces")
        if not (foreigner or kin or (name == "civilians" and own not in ("unknown", "civilians"))):
            return name
    return "civilians" if group else own


def _post(scene: Scene, m: Mention) -> int:
    """The end of what describes a mention: an age, brackets, "from Homs", "running for a seat"."""
    k = m.last
    if m.trigger == m.last - 1:
        return k  # "the deaths of five people"
    for _ in range(4):
        low = scene.lower(k)
        if low in ("(", "["):
            close = next(
                (q for q in range(k + 1, min(k + _BRACKETS, len(scene.tokens))) if scene.tokens[q].text in ")]"), k - 1
            )
            end = close + 1
        elif low in _AGED or (low == "," and scene.lower(k + 1) in _AGED):
            end = k + 1 + (low == ",")
            while end - k < 8 and (
                _age_at(scene, end) or scene.lower(end) in ("and", ",", "to", "between") or scene.lower(end) in _AGE_WORDS
            ):
                end += 1
            while scene.lower(end - 1) in ("and", ","):
                end -= 1
        elif low == "," and (age := _age_between_commas(scene, m, k + 1)):
            end = age + (scene.lower(age) == "," and scene.tag(age + 1) == "be")
        elif (low in ("from", "in", "at", "of", "near") or (low == "for" and m.number is None)) and m.head:
            end = _place_end(scene, k)
        elif low.endswith("ing") and k not in scene.triggers and m.head and not scene.tag(k):
            end = _aside_end(scene, k)
        else:
            return k
        if end <= k:
            return k
        k = end
    return k


def _age_between_commas(scene: Scene, m: Mention, k: int) -> int:
    """The end of an age that stands alone after a comma ("Ahmad Saleh, 22, and"), or 0."""
    number = scene.numbers.get(k)
    if number is not None and m.value > 1:  # "two girls, 17 and 18,", "two girls from Homs, 17 and 18,"
        ages = [number]
        for n in sorted((n for n in scene.numbers.values() if n.first > k), key=lambda n: n.first):
            if not set(scene.words[ages[-1].last : n.first]) <= {",", "and"} or not _can_be_age(n):
                break
            ages.append(n)
        known = number.reason == "age" or (len(ages) == m.value and scene.lower(ages[-1].last) in (",", ".", ")"))
        return ages[-1].last if known and _can_be_age(number) else 0
    if number is None or m.rule != "exact" or m.value != 1:
        return 0
    if not _can_be_age(number):
        return 0
    end = number.last
    while scene.lower(end) in _AGE_WORDS:
        end += 1
    if scene.lower(end) in ("was", "were"):  # "In Homs, 21 were killed" is no age
        return 0 if scene.tag(m.first - 1) == "preposition" else end
    return end if scene.lower(end) in (",", ";", ".", ")", "and", "") else 0


def _age_at(scene: Scene, k: int) -> bool:
    """A number at k goes on a list of ages, and is no count of the hurt ("aged 12, and over twenty wounded")."""
    return k in scene.numbers and scene.numbers[k].last not in scene.triggers


def _can_be_age(number: Number) -> bool:
    return number.reason == "age" or (number.reason is None and 0 < number.value < 111 and number.rule == "exact")


def _place_end(scene: Scene, k: int) -> int:
    """The end of "from Homs", "in the village of X" at k; k where no plain words follow."""
    q = k + 1
    while q < len(scene.tokens) and q - k < 8:
        t, tag = scene.tokens[q], scene.tag(q)
        if (tag not in (None, "determiner") and t.lower not in ("of", "in")) or q in scene.triggers or is_temporal(t):
            break
        if not (t.text[0].isalnum() or t.text in "-'’") or (q in scene.numbers and scene.numbers[q].reason is None):
            break
        q += 1
    return k if q == k + 1 else q


def _aside_end(scene: Scene, k: int) -> int:
    """The comma that ends "running for a seat in the assembly," at k; k where something else comes first."""
    for q in range(k, min(k + _ASIDE, len(scene.tokens))):
        if scene.lower(q) == "," or (scene.tag(q) == "conjunction" and scene.lower(q + 1) in _THEIR):
            return q
        if scene.tag(q) == "be" and q + 1 in scene.triggers:
            return q  # "soldiers collecting their pay at a base in Aden were killed"
        if q in scene.triggers or scene.tag(q) in ("be", "have", "modal", "report", "conjunction", "clause", "relative"):
            return k
        if q in scene.numbers and scene.numbers[q].reason is None:
            return k
    return k
