"""Mentions that are named side by side, and which of them add up.

"A woman and her two sons" add up; "Ahmad Saleh, a journalist," are one person; "including two children" is a part.
"""

from collections.abc import Sequence
from dataclasses import replace

from include.extract.lexicon import grammar, people, word_list
from include.extract.people import Mention, Scene

_WITH = {
    "as": ("as", "well", "as"),
    "along": ("along", "with"),
    "together": ("together", "with"),
    "alongside": ("alongside",),
    "in": ("in", "addition", "to"),
    "with": ("with",),
}
_COLONS = frozenset({":", "–", "—", "-"})
_COMMAS = frozenset({",", ";"}) | _COLONS
_AMONG = frozenset({"among", "amongst"})
_FILL = frozenset({"also", ":", "many", "the"})
"""Words between "including" and a mention."""
_ANDS = frozenset({"and", "&", "plus"})


def with_phrase(scene: Scene, k: int) -> int:
    """The end of "along with", "together with", "as well as" at token k; k where there is none."""
    phrase = _WITH.get(scene.lower(k), ())
    return k + len(phrase) if tuple(scene.words[k : k + len(phrase)]) == phrase else k


def link_chains(scene: Scene) -> None:
    """Number the chains of mentions, and mark those that are parts of another ("including two children").

    A part has no chain; "three soldiers, including an officer, and two civilians" is a chain of two.
    """
    chains = 0
    before: Mention | None = None
    whole: Mention | None = None
    parts: list[str] = []  # how each of the parts since `whole` is joined
    for m in scene.mentions:
        link = _link(scene, before, m) if before is not None else None
        m.part = m.of_them or (before is not None and _aside(scene, m)) or _introduced_as_part(scene, m)
        if before is not None and before.of_them and link == "," and not m.bare and m.value == before.value:
            m.part = True  # "one of them, a 22-year-old man,"
        elif before is not None and before.part and not before.of_them and link is not None and not m.part:
            m.part = _is_part_too(scene, m, before=before, link=link, parts=parts, whole=whole)
            if not m.part and (whole is None or link == ","):
                link = None
        if m.part:
            m.joined = link or ""
            parts.append(m.joined)
        elif link is not None and whole is not None:
            m.joined, m.chain = link, whole.chain
        else:
            m.chain = chains
            chains += 1
        if not m.part:
            whole, parts = m, []
        before = m


def _is_part_too(scene: Scene, m: Mention, *, before: Mention, link: str, parts: list[str], whole: Mention | None) -> bool:
    """Whether a mention joined to a part is one more of the parts, or goes on the list that they interrupted."""
    if link == ",":
        return scene.tag(m.post) != "be"  # "..., including a nurse, five others were injured"
    if whole is not None and _numbered(whole) and _numbered(m) and m.value > whole.value:
        return False
    complete = len(parts) == 1 or parts[-1] == "and"
    return not (scene.lower(before.post) == "," and complete)


def _link(scene: Scene, a: Mention, b: Mention) -> str | None:
    """How two mentions are joined: "and", "or", ",", ":" or None."""
    if b.first - a.post > 6 or (b.pronoun and not b.additional):
        return None
    if scene.lower(a.post) == ":" and (a.name or (bare_plural(a) and a.head not in people().kin)):
        return None  # "Hama: A farmer was killed", "Clashes with rebels: five soldiers dead": a heading
    if a.name and scene.lower(a.post - 1) == ")" and scene.lower(a.post) in _COLONS:
        return None  # "DOVER, Ohio (KTXY) - Two men were shot": a dateline
    if a.pronoun and (a.rule != "exact" or scene.lower(a.post) not in _ANDS):
        return None  # "he and his brother" is a chain, "they, ..." is not
    words = [t.lower for t in scene.tokens[a.post : b.first]]
    comma = bool(words) and words[0] in _COMMAS
    mark = words[0] if comma else ""
    words = words[1:] if comma else words
    if not words or (mark == "," and len(words) == 1 and _adjective(words[0]) and b.bare and b.noun == b.first):
        return ":" if mark in _COLONS else "," if mark == "," else None
    if words == ["or"]:
        return "or"
    rest = [w for w in words[1:] if w not in ("also", "possibly", "later", ",")]
    if words[0] in _ANDS and (not rest or (len(rest) == 1 and _adjective(rest[0]) and bare_plural(b))):
        return "and"  # "paramedics and media crew"
    end = with_phrase(scene, a.post + comma)
    if end == b.first and (words != ["with"] or b.head in people().kin):
        return "and"
    return None


def _adjective(word: str) -> bool:
    """A plain word that can stand before a noun, as far as its form tells."""
    return word.isalpha() and word not in grammar() and not word.endswith(("ing", "ed", "ly"))


def _aside(scene: Scene, m: Mention) -> bool:
    """ "some critically", ", many with burns" after a group."""
    after, set_off = scene.lower(m.post), scene.lower(m.first - 1) == ","
    if not m.bare or m.head:
        return False
    own_word = scene.lower(m.first - 1) == "and" and m.post + 1 in scene.triggers  # "and two badly hurt"
    return (after in word_list("people.yaml", "manners") and not own_word) or (set_off and after == "with")


def _introduced_as_part(scene: Scene, m: Mention) -> bool:
    """ "including two children", "among them a nurse"."""
    part_words = word_list("people.yaml", "part_words")
    p = m.first - 1
    while p >= 0 and scene.lower(p) not in part_words and (scene.lower(p).endswith(("ly", "'s")) or scene.lower(p) in _FILL):
        p -= 1
    if scene.lower(m.first) in ("all", "both") and scene.lower(p) == ",":
        return True  # "five people, all men,"
    if scene.lower(m.post) in _AMONG and scene.lower(m.post + 1) in ("them", "whom"):
        return True  # ", one woman among them,"
    q = m.post + (scene.tag(m.post) == "be")
    among = scene.lower(q) in _AMONG and (q + 1 in scene.numbers or q + 2 in scene.numbers)
    if among and m.number is not None and m.head:
        return True  # "four women were among the 11 killed"
    if scene.tag(p) == "be" and scene.lower(p - 1) == "whom":
        p -= 1  # "most of whom were children"
    words = (scene.lower(p - 1), scene.lower(p))
    return (
        words[1] in part_words or (words[0] in ("among", "of") and words[1] in ("them", "whom")) or words == ("among", "those")
    )


def summands(scene: Scene, chain: Sequence[Mention]) -> list[Mention]:
    """The mentions of a chain that add up, without those that only say again who another one is."""
    lex = people()
    kept: list[Mention] = []
    k = int(_named_after(scene, chain))
    while k < len(chain):
        m, last = chain[k], kept[-1] if kept else None
        step = 1
        if last is None:
            kept.append(m)
        elif _numbered(last) and _spelled_out(scene, last, chain, k):
            for part in chain[k:]:  # "seven civilians, Ahmad Saleh, his wife and their five children"
                part.part = True
            break
        elif m.joined in ("and", "or") and _numbered(last) and bare_plural(m) and not last.of_them:
            kept[-1] = _widened(last, m)  # "sixty-one soldiers and militiamen": one number for both
        elif (
            m.joined == ","
            and _numbered(last)
            and last.head
            and bare_plural(m)
            and k + 1 < len(chain)
            and _goes_on(chain[k + 1])
        ):
            kept[-1] = _widened(last, m)  # "sixty-six men, women and children"
        elif m.joined in (",", ":") and _restates(last, m, alone=len(chain) == 2, final=k + 1 == len(chain), kin=lex.kin):
            kept[-1] = replace(last, post=max(last.post, m.post))
        elif m.name and _numbered(last) and (m.joined in (",", ":") or last.name) and _lists(scene, last, chain, k):
            step = _names(chain, k)  # "their two children, Lina and Omar"
        elif m.name and m.joined == "," and _numbered(last) and m.last - m.first == 1 and k + 1 == len(chain):
            pass  # "killing her and her two brothers, Hilla": a place, or one of the group
        elif m.name and bare_plural(last, definite=True) and last.head in lex.kin and m.head not in lex.kin:
            step = _names(chain, k)  # "brothers Ahmad and Ali", "his sons, Ahmad and Ali": as many as there are names
            end = chain[k + step - 1]
            kept[-1] = replace(last, value=step + last.name, rule="exact", last=end.last, post=end.post)
        else:
            kept.append(m)
        k += step
    return kept


def bare_plural(m: Mention, definite: bool = False) -> bool:
    """A plural without number or article ("militiamen"), or with an article too if `definite`."""
    plural = m.rule == "bare_plural" and m.number is None and m.trigger is None and not m.pronoun
    return plural and (definite or m.bare)


def _goes_on(m: Mention) -> bool:
    """One more noun that the number before the list counts."""
    return bare_plural(m) and m.joined in (",", "and", "or")


def _numbered(m: Mention) -> bool:
    return m.number is not None and (m.value > 1 or m.rule != "exact")


def _spelled_out(scene: Scene, whole: Mention, chain: Sequence[Mention], k: int) -> bool:
    """The rest of the chain names the members of a numbered group one by one."""
    rest = chain[k:]
    if rest[0].joined == ":":
        return True
    exact = all(m.rule == "exact" and not m.additional for m in rest)
    ones = exact and whole.head in word_list("people.yaml", "anybody") and not _of_others(whole, rest)
    return (
        (ones or (exact and _by_sex_and_age(whole, rest)) or any(m.name for m in rest))
        and len(rest) > 1
        and rest[0].joined == ","
        and sum(m.value for m in summands(scene, rest)) == whole.value
    )


def _of_others(whole: Mention, rest: Sequence[Mention]) -> bool:
    """ "Three men, two women and a child": none of the women is one of the men."""
    heads = {m.head for m in rest}
    match whole.head:
        case "men" | "males":
            return bool(heads & (people().women | people().children))
        case "women" | "females":
            return bool(heads & {"man", "men", "child", "children", "boy", "boys"})
        case "children":
            return bool(heads & {"man", "men", "woman", "women"})
    return False


def _by_sex_and_age(whole: Mention, rest: Sequence[Mention]) -> bool:
    """ "Nine citizens, three women and six children,": no more people, unlike "three men, two women and a child"."""
    groups = people().women | people().children | word_list("people.yaml", "adults")
    return whole.victim_class in ("civilians", "unknown") and whole.head not in groups and all(m.head in groups for m in rest)


def _named_after(scene: Scene, chain: Sequence[Mention]) -> bool:
    """The first of the chain says what the others are ("the victims, a woman and two children, were killed")."""
    first, others = chain[0] if chain else None, chain[1:]
    if first is None or not others or others[0].joined != "," or not bare_plural(first, definite=True) or not first.definite:
        return False
    counted = all(m.number is not None or (m.rule == "exact" and not m.additional) for m in others)
    return (
        counted
        and "," in (scene.lower(others[-1].post), scene.lower(others[-1].post - 1))
        and not others[0].bare | others[0].definite
    )


def _widened(a: Mention, b: Mention) -> Mention:
    classes = {a.victim_class, b.victim_class} - {"unknown"}
    victim_class = "mixed" if len(classes) > 1 else next(iter(classes), "unknown")
    return replace(a, last=b.last, post=b.post, victim_class=victim_class)


def _restates(last: Mention, m: Mention, alone: bool, final: bool, kin: frozenset[str]) -> bool:
    """One person or group said twice: "Ahmad Saleh, a journalist,", "a journalist, Ahmad Saleh,", "five men, residents of"."""
    one = last.rule in ("exact", "at_least") and m.rule == "exact" and last.value == m.value == 1
    if one and alone and not (last.bare and m.bare):
        return True
    if one and last.name and not m.name and (m.inner is not None or (m.head not in kin and not m.additional)):
        return True
    if one and m.name and not last.name and not last.bare and m.head not in kin:
        return True
    return final and bare_plural(m) and _numbered(last)


def _names(chain: Sequence[Mention], k: int) -> int:
    """How many names in a row the chain has from k on."""
    n = 0
    while k + n < len(chain) and chain[k + n].name and (n == 0 or chain[k + n].head not in people().kin):
        n += 1
    return max(n, 1)


def _lists(scene: Scene, group: Mention, chain: Sequence[Mention], k: int) -> bool:
    """The names from k on are those of the numbered group before: as many, or fewer after a colon."""
    run = _names(chain, k)
    if run >= group.value - group.name:
        return run == group.value - group.name
    return any(t.text in ":(–—" for t in scene.tokens[group.last : chain[k].first])
