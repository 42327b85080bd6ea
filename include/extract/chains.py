"""Which mentions of a chain add up: "a woman and her two sons" do, "Ahmad Saleh, a journalist," are one person."""

from collections.abc import Sequence
from dataclasses import replace

from include.extract.lexicon import people
from include.extract.people import Mention, Scene


def summands(scene: Scene, chain: Sequence[Mention]) -> list[Mention]:
    """The mentions of a chain that add up, without those that only say again who another one is."""
    lex = people()
    kept: list[Mention] = []
    k = 0
    while k < len(chain):
        m, last = chain[k], kept[-1] if kept else None
        step = 1
        if last is None:
            kept.append(m)
        elif m.joined in ("and", "or") and _numbered(last) and bare_plural(m) and not last.of_them:
            kept[-1] = _widened(last, m)  # "sixty-one soldiers and militiamen": one number for both
        elif m.joined == "," and _restates(last, m, final=k + 1 == len(chain), kin=lex.kin):
            kept[-1] = replace(last, post=max(last.post, m.post))
        elif m.name and _numbered(last) and (m.joined == "," or last.name) and _lists(scene, last, chain, k):
            step = _names(chain, k)  # "their two children, Lina and Omar"
        elif m.name and bare_plural(last) and last.head in lex.kin:
            step = _names(chain, k)  # "brothers Ahmad and Ali", "his sons, Ahmad and Ali": as many as there are names
            end = chain[k + step - 1]
            kept[-1] = replace(last, value=step + last.name, rule="exact", last=end.last, post=end.post)
        else:
            kept.append(m)
        k += step
    return kept


def bare_plural(m: Mention) -> bool:
    """A plural without number or article ("militiamen")."""
    return m.rule == "bare_plural" and m.bare and m.number is None and m.trigger is None and not m.definite and not m.pronoun


def _numbered(m: Mention) -> bool:
    return m.number is not None and (m.value > 1 or m.rule != "exact")


def _widened(a: Mention, b: Mention) -> Mention:
    classes = {a.victim_class, b.victim_class} - {"unknown"}
    victim_class = "mixed" if len(classes) > 1 else next(iter(classes), "unknown")
    return replace(a, last=b.last, post=b.post, victim_class=victim_class)


def _restates(last: Mention, m: Mention, final: bool, kin: frozenset[str]) -> bool:
    """One person or group said twice: "Ahmad Saleh, a journalist,", "a journalist, Ahmad Saleh,", "five men, residents of"."""
    one = last.rule == m.rule == "exact" and last.value == m.value == 1
    if one and last.name and not m.name and m.head not in kin and not m.additional:
        return True
    if one and m.name and not last.name and last.number is None and not last.bare and m.head not in kin:
        return True
    return final and bare_plural(m) and _numbered(last)


def _names(chain: Sequence[Mention], k: int) -> int:
    """How many names in a row the chain has from k on."""
    n = 0
    while k + n < len(chain) and chain[k + n].name and (n == 0 or not chain[k + n].head in people().kin):
        n += 1
    return max(n, 1)


def _lists(scene: Scene, group: Mention, chain: Sequence[Mention], k: int) -> bool:
    """The names from k on are those of the numbered group before: as many, or fewer after a colon."""
    run = _names(chain, k)
    if run == group.value - group.name:
        return True
    colon = any(t.text in ":(–—" for t in scene.tokens[group.last : chain[k].first])
    return colon and run < group.value
