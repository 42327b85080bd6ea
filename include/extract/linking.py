"""Which groups of people a casualty word takes: the subject of "were killed", the object of "killing", "the death of ..."."""

from dataclasses import dataclass, field, replace
from itertools import pairwise

from include.extract.chains import bare_plural, summands, with_phrase
from include.extract.lexicon import not_people, people, word_list
from include.extract.names import is_capital, is_temporal
from include.extract.people import ORDINALS, Mention, Scene, inner_mention
from include.extract.quantities import Number
from include.extract.triggers import Trigger, VerbGroup, cue, standing, verb_group

_REACH = 60
"""Tokens that a passive or intransitive looks back for its subject."""
_SHORT_REACH = 25
"""The same for a participle alone ("five people killed")."""
_CHAIN = 100
"""Mentions of a chain that are looked at."""
_TOLL_REACH = 22
"""Tokens from "toll" to its number."""
_WITH_REACH = 9
"""Tokens from "were killed" to "along with"."""
_FOUND_REACH = 10
"""Tokens from "bodies" to "found"."""
_CLAUSE = 12
"""Tokens from "who" to a mention in its clause."""
_BURIED = 12
"""Tokens from "buried" to the victims."""
_LOSER = 6
"""Tokens from "the army" to "lost"."""
_STOPS = frozenset(",.;:()")
_ASIDE = 25
"""Tokens of an aside between commas."""
_ACCUSATIVES = frozenset({"them", "him"})
_SAYS = frozenset({"that", ";", ":", "“", '"'})
"""What a clause follows that begins with its subject."""
_NOMINATIVE = frozenset({"he", "she"})
_PLACES = frozenset({"in", "near", "at", "from", "of", "by"})
_AT = frozenset({"in", "near", "at"})
_VERBS = ("be", "have", "modal", "do", "verb", "report", "relative")
_OPENING = 8
"""Tokens from "in" to the name of a place that opens a clause."""
_UNASSERTED = frozenset({"hypothetical", "threat", "denial"})
_QUOTES = frozenset("\"“”‘’'")
_CLAUSE_ENDS = frozenset(";:([•|")


def placed(scene: Scene, tokens: range) -> bool:
    """Among these tokens is a place: "in Homs", "near the town of Hama"."""
    at = next((k for k in tokens if scene.lower(k) in _AT or scene.lower(k) == "on"), None)
    within = scene.tokens[at + 1 : min(at + _OPENING, max(tokens.stop, at + 3))] if at is not None else ()
    return any(is_capital(token) and not is_temporal(token) for token in within)


def dated(scene: Scene, tokens: range) -> bool:
    """Among these tokens is a day of the week: "on Monday"."""
    return any(is_temporal(scene.tokens[k]) and scene.lower(k - 1) == "on" for k in tokens if k < len(scene.tokens))


@dataclass(slots=True)
class Group:
    """Mentions that one casualty word takes, with how the sentence stands to it (asserted, possible or negated)."""

    trigger: Trigger
    mentions: list[Mention]
    standing: str
    total: bool = False
    negated: bool = False
    roster: bool = False
    """It names some of those who were counted before ("among the dead were two nurses")."""
    parts: list[Mention] = field(default_factory=list)
    remainder: int = 0
    """How many of an injured group died, and so are counted as killed."""

    @property
    def measure(self) -> str:
        """killed, injured or casualties."""
        return self.trigger.measure or ""


LeftOut = tuple[Mention | Trigger, str]
"""What was left out and the id of the reason."""


class Reader:
    """Reads the casualty words of one scene."""

    def __init__(self, scene: Scene, triggers: list[Trigger]):
        self.scene = scene
        self.tokens = scene.tokens
        self.triggers = triggers
        self._lower = scene.lower
        self._tag = scene.tag
        self.starts = {m.first: m for m in scene.mentions}
        self.number_ends = {n.last: n for n in scene.numbers.values() if n.reason is None}
        self.trigger_at = {k: t for t in triggers for k in range(t.first, t.last)}
        self.left_out: list[LeftOut] = []

    def read(self) -> tuple[list[Group], list[LeftOut]]:
        """The groups in order, and what was left out with the reason."""
        groups = [g for t in self._joined() if (g := self._group(t)) is not None]
        return self._settled(groups), self.left_out

    # Casualty words side by side

    def _joined(self) -> list[Trigger]:
        """The triggers, with "killed and injured" made one (casualties) and "shot and killed" made killed."""
        joined: list[Trigger] = []
        for t in self.triggers:
            last = joined[-1] if joined else None
            if last is None or last.reason is not None or not self._side_by_side(last, t):
                joined.append(t)
            elif t.reason is not None:
                joined[-1] = replace(last, last=t.last, measure=None, reason="neutralised")
            else:
                measure = last.measure if last.measure == t.measure else "casualties"
                if last.weak or (last.measure == "injured" and t.frame == "intransitive"):
                    measure = t.measure
                elif t.weak:
                    measure = last.measure
                frame = t.frame if last.frame == "state" else last.frame
                joined[-1] = replace(
                    last, last=t.last, measure=measure, frame=frame, weak=last.weak and t.weak, strict=last.strict and t.strict
                )
        return joined

    def _side_by_side(self, a: Trigger, b: Trigger) -> bool:
        words = [
            t.lower for t in self.tokens[a.last : min(b.first, a.last + 6)] if not t.lower.endswith("ly") and t.lower != "later"
        ]
        frames = {a.frame, b.frame}
        if words not in (["and"], ["or"], ["/"], ["and", "/", "or"], ["&"], [",", "and"]):
            return a.weak and a.measure == "injured" and not words and a.frame == b.frame
        return (
            len(frames) == 1
            or frames <= {"past", "state", "intransitive"}
            or frames <= {"event", "gerund"}
            or frames <= {"count", "event"}
        )

    # One casualty word

    def _group(self, t: Trigger) -> Group | None:
        verbs = verb_group(self.tokens, t.first)
        stands = standing(self.tokens, t, verbs)
        roster, mentions = self._roster(t)
        if listed := self._numbered_victim(t):
            roster, mentions = True, listed
        mentions = mentions or self._victims(t, verbs)
        total = t.frame in ("toll", "figure")
        if mentions and t.frame in ("past", "state") and self._numbers_of(mentions[0]):
            of, mentions, total = mentions[0], self._brought_to(mentions[0].first - 2) or self._toll(t), True
            mentions = [replace(m, victim_class=of.victim_class) if not m.head else m for m in mentions]
        mentions = mentions + self._gapped(t) + self._elsewhere(t, mentions[-1]) if mentions else mentions
        mentions = [m for m in mentions if not (t.strict and m.unknown) and not (m.number is not None and m.number.reason)]
        if mentions and mentions[0].additional and not mentions[0].head and self._of_animals(mentions[0]):
            self.left_out.append((mentions[0], "animal"))  # "14 sheep and six others"
            return None
        beside_part = any(reason == "part_of_group" for _, reason in self.left_out)  # "..., seven of them in intensive care"
        if mentions and (self._is_of(mentions[0], t) or (mentions[0].of_them and beside_part)):
            self.left_out.append((mentions[0], "part_of_group"))
            return None
        if t.weak and not verbs.passive and self._tag(t.first) != "be":  # "was hit" is passive in itself
            mentions = [m for m in mentions if not m.name or m.first > t.first]  # "from a Saleh shot"
            if t.frame == "gerund" and mentions and mentions[0].bare and mentions[0].number is None:
                mentions = []  # "shooting victims"
        reason = t.reason or (stands if stands in _UNASSERTED else None)
        if not mentions or reason:
            if mentions or t.reason is None:
                self.left_out += [(m, reason or self._why_nobody(t)) for m in mentions or [t]]
            return None
        self._spell_out(t, mentions)
        mentions = [self._all_of_whom_some(t, mentions[0]), *mentions[1:]]
        self.left_out += [(m, "unborn") for m in mentions if self._unborn(m)]
        mentions = [m for m in mentions if not self._unborn(m)]
        if self._lower(t.first) in cue("of_fighters"):
            mentions = [m for m in mentions if m.victim_class not in ("unknown", "civilians")]
        if not mentions:
            return None
        if self._after_died(t, verbs, mentions[0]) or self._others_lived(t, verbs, mentions):
            t = replace(t, measure="killed", weak=False)
        none = all(m.value == 0 and m.rule == "exact" for m in mentions)
        if stands == "negated" and not none:
            self.left_out += [(m, "rescued") for m in mentions]  # "the driver was not hurt" says nothing of others
            return None
        total = total or self._in_total(mentions[0])
        roster = roster or (t.frame == "burial" and mentions[0].head not in cue("restating_dead"))
        return Group(t, mentions, stands, total=total, negated=none, roster=roster)

    def _after_died(self, t: Trigger, verbs: VerbGroup, m: Mention) -> bool:
        """ "One died on the spot and three in hospital"."""
        if not t.weak or verbs.passive or self._lower(t.first) != "in" or not m.bare or m.head or m.post != t.first:
            return False
        before = [b for b in self.triggers if b.last <= m.first]
        died = bool(before) and before[-1].frame == "intransitive" and before[-1].measure == "killed"
        return died and self._lower(m.first - 1) in ("and", ",")

    def _numbered_victim(self, t: Trigger) -> list[Mention]:
        """One line of a list of victims: "Victim 2: male, 34, gunshot wound to the left leg"."""
        k = 1 + (self._lower(1) in ("#", "no."))
        n = self.scene.numbers.get(k)
        ends = n is not None and self._lower(n.last) in (":", "-", "–", "—")
        if self._lower(0) != "victim" or not ends or any(b.measure for b in self.triggers if b.first < t.first):
            return []
        return [Mention(0, n.last, 0, n.last, "victim", 1, "exact", number=n, additional=n.value > 1)]

    def _gapped(self, t: Trigger) -> list[Mention]:
        """The one whom a verb left out hit: "one man was shot in the leg, the other in the chest"."""
        if t.measure != "injured" or t.frame != "past":
            return []
        for k in range(t.last, min(t.last + _CLAUSE, len(self.tokens))):
            if k in self.trigger_at or self._lower(k) in (";", "."):
                return []
            words = self.scene.words[k : k + 2]
            end = k + 2 if words == ["the", "other"] else k + 1 if words[:1] == ["another"] else k
            if (
                end > k
                and self._lower(end) in ("in", "through")
                and cue("wounded_parts").intersection(self.scene.words[end + 1 : end + 5])
            ):
                return [Mention(k, end, end, end, "", 1, "exact", additional=True)]
        return []

    def _elsewhere(self, t: Trigger, last: Mention) -> list[Mention]:
        """Those of further places that the verb is not said of again: "killed in Homs, two in Hama and one near Salamiyah"."""
        found: list[Mention] = []
        end = max(last.last, t.last)
        for m in self.scene.mentions[last.index + 1 :]:
            if m.first < end or (m.name and not m.number):
                continue
            between = range(end, m.first - 1)
            if m.number is None and self._tag(m.first - 1) == "preposition":
                continue
            if len(between) > _CLAUSE or self._lower(m.first - 1) not in ("and", ",", ";") or m.number is None or m.part:
                break
            if not ((found or placed(self.scene, between)) and placed(self.scene, range(m.last, m.last + 3))) and not (
                dated(self.scene, range(m.last, m.last + 3)) and dated(self.scene, range(m.first))
            ):
                break
            k = m.last + 1
            while k < len(self.tokens) and (is_capital(self.tokens[k]) or self._lower(k) in ("the", "-")):
                k += 1
            if any(q in self.trigger_at or self._is_verb(q) for q in (*between, k, k + 1)):
                break
            found.append(m)
            end = k
        return found

    def _is_verb(self, k: int) -> bool:
        """A verb, and not a noun of its form ("in strikes on", "in Israeli strikes on")."""
        return self._tag(k) in _VERBS and "preposition" not in (self._tag(k - 1), self._tag(k - 2))

    def _others_lived(self, t: Trigger, verbs: VerbGroup, mentions: list[Mention]) -> bool:
        """ "He shot his cousin and wounded two other relatives": the cousin is set apart from those who were only wounded."""
        nxt = next((b for b in self.triggers if b.first >= t.last), None)
        if not t.weak or verbs.passive or t.frame != "past" or nxt is None or mentions[0].first < t.last:
            return False
        wounded = self.starts.get(nxt.last)
        apart = self.scene.words[mentions[-1].last : nxt.first] == ["and"] and nxt.measure == "injured" and not nxt.weak
        return apart and wounded is not None and wounded.additional

    def _unborn(self, m: Mention) -> bool:
        """ "Her unborn child": no casualty of its own in the codebooks."""
        return "unborn" in self.scene.words[max(0, m.first - 1) : m.last]

    def _spell_out(self, t: Trigger, mentions: list[Mention]) -> None:
        """Make parts of those after the colon ("eight people were killed: five civilians and three policemen")."""
        if len(mentions) > 1 or mentions[0].first > t.first or self._lower(t.last) != ":" or t.last + 1 not in self.starts:
            return
        listed = self._onwards(self.starts[t.last + 1])
        if sum(m.value for m in listed) == mentions[0].value:
            for m in listed:
                m.part = True

    def _all_of_whom_some(self, t: Trigger, m: Mention) -> Mention:
        """ "They buried six of the 11 men killed in the raid": 11 were killed, unlike "six of the 11 men were killed"."""
        said_of_all = t.frame == "past" and not t.weak and m.post == t.first and self._tag(t.last) == "preposition"
        if not said_of_all or m.number is None:
            return m
        inner = range(m.number.last + 1, m.last)
        n = next(
            (self.scene.numbers[k] for k in inner if k in self.scene.numbers and self._lower(k - 1) in ("the", "its")), None
        )
        return m if n is None or n.reason or n.none else replace(m, number=n, value=n.value, rule=n.rule, top=n.top)

    def _of_animals(self, m: Mention) -> bool:
        """Whether the number before a mention counts animals."""
        before = [n for n in self.scene.numbers.values() if n.first < m.first and not n.none]
        return bool(before) and before[-1].reason == "animal"

    def _is_of(self, m: Mention, t: Trigger) -> bool:
        """ "Six of the injured are in hospital" injures nobody else."""
        word = self.trigger_at.get(m.last - 1)
        return m.of_them and word is not None and word is not t and word.measure == t.measure

    def _why_nobody(self, t: Trigger) -> str:
        thing = self._takes_thing(t) if t.frame in ("past", "present", "base", "gerund") else None
        return "animal" if thing == "animal" else "metaphor" if thing in cue("figurative") else "no_count"

    def _victims(self, t: Trigger, verbs: VerbGroup) -> list[Mention]:
        held = self.scene.at[t.first]
        if held >= 0 and self.scene.mentions[held].trigger == t.first and t.frame in ("past", "state"):
            return [self.scene.mentions[held]]  # "two wounded soldiers"
        match t.frame:
            case "toll" | "figure":
                return self._toll(t)
            case "event":
                return self._of(t) or [m for m in self._right(t) if m.number is not None or not m.bare] or self._owner(t)
            case "count":
                return self._absent(t) or self._inside(t) or self._of(t)
            case "lives":
                return self._inside(t) if self._near(t, "life_verbs", 6) else []
            case "body":
                return self._body(t)
            case "burial":
                return self._buried(t, verbs)
            case "loss":
                return self._lost(t, verbs)
            case "means":
                return self._by_means(t)
            case "gerund":
                return self._right(t) or self._of(t) or self._owner(t)
            case "present" | "base":
                return self._right(t)
            case "state":
                return self._with(t, self._left(t, verbs)) or self._left_dead(t) or self._after_colon(t)
            case "intransitive":
                return self._with(t, self._left(t, verbs))
        return self._past(t, verbs)

    def _near(self, t: Trigger, cues: str, reach: int) -> bool:
        words = cue(cues)
        return any(
            x.lower in words for x in (*self.tokens[max(0, t.first - reach) : t.first], *self.tokens[t.last : t.last + reach])
        )

    def _is_adverb(self, k: int) -> bool:
        return self._tag(k) == "adverb" or (self._lower(k).endswith("ly") and self._lower(k) != "family")

    def _mention_before(self, k: int) -> Mention | None:
        """The mention that ends right before token k, adverbs aside."""
        k -= 1
        while k >= 0 and self.scene.at[k] < 0 and self._is_adverb(k):
            k -= 1
        return self.scene.mentions[self.scene.at[k]] if k >= 0 and self.scene.at[k] >= 0 else None

    def _next_trigger(self, m: Mention) -> Trigger | None:
        """The casualty word that follows a mention directly."""
        k = m.post
        while k < len(self.tokens) and k not in self.trigger_at and self._is_adverb(k):
            k += 1
        return self.trigger_at.get(k)

    def _in_total(self, m: Mention) -> bool:
        before = [x.lower for x in self.tokens[max(0, m.first - 3) : m.first]]
        return before[-2:] in (["in", "total"], ["in", "all"]) or before[-3:-1] in (["in", "total"], ["in", "all"])

    def _numbers_of(self, m: Mention) -> bool:
        """ "the number of civilians killed": what follows is a toll."""
        k = m.first - 1
        return self._lower(k) == "of" and self._lower(k - 1) in ("number", "total") and m.number is None

    # Victims to the right

    def _past(self, t: Trigger, verbs: VerbGroup) -> list[Mention]:
        if self._lower(t.last) == "at" and t.weak and self._aimed(t, verbs):
            return []
        right = [] if verbs.passive else self._right(t)
        if not right:
            if not verbs.passive and self._takes_thing(t):
                return []
            return self._with(t, self._left(t, verbs)) or self._inverted(t) or self._unlisted(t, verbs)
        left = self._mention_before(t.first)
        if left is not None:
            follows = self._next_trigger(right[0])
            if follows is not None and not t.weak and follows.frame in ("past", "state") and follows.last not in self.starts:
                return self._left(t, verbs)  # "two killed three wounded"
            if left.bare and not left.head and len(right) == 1 and right[0].bare:
                return self._left(t, verbs)
        return right

    def _unlisted(self, t: Trigger, verbs: VerbGroup) -> list[Mention]:
        """ "A motorcycle rider was gunned down": a noun in no list, where the verb can only have a person."""
        if not verbs.passive or self._lower(t.first) not in cue("of_people"):
            return []
        k = verbs.start
        while k > verbs.start - 4 and self._tag(k) is None and self._lower(k).isalpha() and self._lower(k) not in not_people():
            k -= 1
        if k == verbs.start or self._tag(k) not in ("article", "determiner"):
            return []
        head = self._lower(verbs.start)
        return (
            [] if head.endswith("s") else [Mention(k, verbs.start + 1, k + 1, verbs.start + 1, head, 1, "exact", unknown=True)]
        )

    def _aimed(self, t: Trigger, verbs: VerbGroup) -> bool:
        """ "Police shot at a car", "a bus was shot at": nobody is said to be hit, unlike "six shot at park"."""
        k = t.last + 1
        if verbs.passive:
            return (
                not (self.tokens[k].text[0].isalnum() and self._tag(k) in (None, "article", "determiner"))
                if k < len(self.tokens)
                else True
            )
        at = next((q for q in range(k, k + 3) if q in self.starts or self._lower(q) in {"in", *cue("aimed_at")}), None)
        at = None if at is not None and self._lower(at) == "in" else at
        left = self._mention_before(t.first)
        victim = left is not None and left.bare and not left.pronoun and left.head not in people().attackers
        return at is not None or not (victim or (left is not None and left.number is not None))

    def _takes_thing(self, t: Trigger) -> str | None:
        """The reason of the thing that a verb has as its object ("killed the deal", "executed two airstrikes")."""
        for k in range(t.last, min(t.last + 5, len(self.tokens))):
            reason = not_people().get(self._lower(k))
            if reason is not None and reason != "duration":
                return reason
            if reason is not None or not (self._tag(k) in (None, "determiner", "article") and self.tokens[k].text[0].isalnum()):
                return None
        return None

    def _inverted(self, t: Trigger) -> list[Mention]:
        """ "Killed in the attack were two teachers"."""
        if t.first and self._lower(t.first - 1) not in _CLAUSE_ENDS:
            return []
        for k in range(t.last, min(t.last + 14, len(self.tokens))):
            if k in self.trigger_at or self._lower(k) in _STOPS:
                return []
            if self._tag(k) == "be" and k + 1 in self.starts:
                return self._onwards(self.starts[k + 1])
        return []

    def _with(self, t: Trigger, mentions: list[Mention]) -> list[Mention]:
        """The victims, with those named after the verb ("was killed in his home along with his wife and two children")."""
        if not mentions:
            return []
        for k in range(t.last, min(t.last + _WITH_REACH, len(self.tokens))):
            end = with_phrase(self.scene, k)
            first = self.starts.get(end)
            if end == k or first is None or first.index <= mentions[-1].index:
                if (
                    self._lower(k) in _STOPS
                    or self._tag(k) in ("clause", "relative", "report", "conjunction")
                    or k in self.scene.numbers
                ):
                    return mentions
                continue
            kin = first.head in people().kin or first.additional
            known = kin or (k == t.last and self._lower(k) != "with") or (k == t.last and self._tag(end) == "determiner")
            return mentions + self._onwards(first) if known and not self._begins_clause(first) else mentions
        return mentions

    def _right(self, t: Trigger) -> list[Mention]:
        """The mentions that a verb takes as its object."""
        k = t.last
        while k < len(self.tokens) and k - t.last < 4 and k not in self.starts:
            span = self._lower(k) == "from" and k + 1 in self.scene.numbers  # "injured from 50 to 80"
            if not (span or self._lower(k) in cue("object_skips") or self.tokens[k].text in _QUOTES or self._is_adverb(k)):
                break
            k += 1
        first = self.starts.get(k) or self._shared_object(t)
        return [] if first is None or first.head in _NOMINATIVE else self._onwards(first)  # "the wound he gave himself"

    def _shared_object(self, t: Trigger) -> Mention | None:
        """The object of two verbs: "killed and burned at least 20 villagers"."""
        k = t.last + 1
        other = self.trigger_at.get(k)
        if self._lower(t.last) != "and" or not self._lower(k).endswith("ed") or (other and other.frame != "burial"):
            return None
        left = self._mention_before(t.first)
        return self.starts.get(k + 1) if left is not None and left.number is None else None

    def _of(self, t: Trigger) -> list[Mention]:
        """The mentions after "of" ("the death of", "injuries to")."""
        k = t.last + (self._lower(t.last) == "]")
        if self._lower(k) not in ("of", "to", "among"):
            return []
        k += 1
        while k - t.last < 5 and k not in self.starts and (self._tag(k) == "determiner" or self._is_adverb(k)):
            k += 1
        first = self.starts.get(k)
        if first is None or (first.name and first.number is None and self._lower(t.first) in cue("of_many")):
            return []  # "the massacre of Maarat al-Numan"
        return self._onwards(first, of_noun=t.frame in ("event", "count", "body"))

    def _onwards(self, first: Mention, of_noun: bool = False) -> list[Mention]:
        """A mention and those joined to it after it, as far as they do not begin a clause of their own.

        After "the bodies of" (`of_noun`) a verb can be the noun's.
        """
        chain = [first]
        for m in self.scene.mentions[first.index + 1 : first.index + _CHAIN]:
            if m.part:
                continue
            if m.chain != first.chain or self._begins_clause(m, of_noun):
                break
            chain.append(m)
        who = chain[-1]
        if first.number is not None and all(m.joined == "," for m in chain[1:]):  # "the deaths of two, the minister replied"
            subject = (n for n, m in enumerate(chain) if n and m.value == 1 and self._lower(m.first) == "the")
            chain = chain[: next(subject, len(chain))]
        if self._lower(who.post) == "said" and len(chain) > 2 and who.joined == "and" and bare_plural(who):
            chain = chain[:-2] if chain[-2].joined == "," and bare_plural(chain[-2]) else chain  # "60, police and medics said"
        return summands(self.scene, chain)

    def _begins_clause(self, m: Mention, of_noun: bool = False) -> bool:
        k = m.post
        if self._tag(k) == "be" and of_noun:
            while self._tag(k) == "be" or self._is_adverb(k):
                k += 1
            return k in self.trigger_at
        if self._tag(k) in ("be", "have", "modal", "report", "verb", "do") or (self._lower(k), m.joined) == ("said", ","):
            return True
        t = self._next_trigger(m)
        return t is not None and (t.reason is not None or t.frame in ("past", "state", "intransitive", "present"))

    # Victims inside or around a noun

    def _owner(self, t: Trigger) -> list[Mention]:
        """ "the child's death"."""
        if t.first and self._lower(t.first - 1).endswith(("'s", "s'")) and self.scene.at[t.first - 1] >= 0:
            m = self.scene.mentions[self.scene.at[t.first - 1]]
            return [m] if m.last == t.first else []
        return []

    def _inside(self, t: Trigger) -> list[Mention]:
        """ "five civilian deaths", "no casualties", "five lives", "casualties were reported"."""
        if self.scene.at[t.first] >= 0:
            m = self.scene.mentions[self.scene.at[t.first]]
            if m.number is not None:
                return [m]
        else:
            k = t.first
            while k > 0 and t.first - k < 3 and self._lower(k - 1) in cue("casualty_adjectives"):
                k -= 1
            m = self._mention_before(k)
            if m is not None and m.number is not None and m.last == k:
                return [m]
            if k in self.number_ends:
                return [_of_number(self.number_ends[k])]
        if listed := self._after_colon(t):
            return listed
        if t.measure == "casualties" and self._asserts_casualties(t):
            return [Mention(t.first, t.last, t.first, t.last, self._lower(t.first), 2, "bare_plural", trigger=t.first)]
        return []

    def _after_colon(self, t: Trigger) -> list[Mention]:
        """ "Fatalities: 3", "Dead: 3"."""
        first = self.starts.get(t.last + 1) if self._lower(t.last) == ":" else None
        counted = first is not None and first.number is not None and self._next_trigger(first) is None
        return self._onwards(first) if counted else []

    def _absent(self, t: Trigger) -> list[Mention]:
        """ "without causing casualties", "no immediate reports of casualties", "did not cause any injuries"."""
        before = [x.lower for x in self.tokens[max(0, t.first - 6) : t.first]]
        for n in range(len(before) - 1, -1, -1):
            word, rest = before[n], set(before[n + 1 :])
            if word in _STOPS or not rest <= cue("absent_fill"):
                break
            if (
                word == "without"
                or (word == "no" and rest & {"report", "reports", "word", "news", "information"})
                or ((word == "not" or word.endswith("n't")) and rest & cue("casualty_causes"))
            ):
                first = t.first - len(before) + n
                return [Mention(first, t.last, first, t.last, self._lower(t.first), 0, "exact", trigger=t.last - 1)]
        return []

    def _asserts_casualties(self, t: Trigger) -> bool:
        """ "casualties were reported", "causing casualties"."""
        before = {x.lower for x in self.tokens[max(0, t.first - 4) : t.first]}
        after = [x.lower for x in self.tokens[t.last : t.last + 5]]
        if before & cue("not_casualty_before"):
            return False
        return bool(before & cue("casualty_verbs")) or (
            bool(set(after[:2]) & {"were", "are", "have"}) and bool(set(after) & cue("casualty_reported"))
        )

    def _toll(self, t: Trigger) -> list[Mention]:
        """The number that a toll reached ("the toll rose from 3 to 5")."""
        if told := self._brought_to(t.first) or self._is_the(t.first):
            return told
        k, skipped = t.last, False
        while k < len(self.tokens) and k - t.last < _TOLL_REACH and self._lower(k) not in (";", "."):
            m = self.starts.get(k)
            if m is None or m.number is None or m.number.reason is not None:
                k += 1
                continue
            before = self._lower(k - 1)
            if is_temporal(self.tokens[k - 1]):
                before = self._lower(k - 2 - (self._lower(k - 2) == "on"))  # "reached on Sunday 20"
            if before == "from":
                skipped = True
            elif skipped or before in cue("toll_before") or k - t.last <= 1:
                return self._onwards(m)
            elif before not in cue("not_toll_before"):
                return []
            k = m.last
        return []

    def _brought_to(self, k: int) -> list[Mention]:
        """ "brings to 5 the toll", "put at 5 the total number of people killed", where token k is "toll" or "number"."""
        while self._lower(k - 1) in ("total", "overall"):
            k -= 1
        m = self._mention_before(k - 1) if self._lower(k - 1) == "the" else None
        if m is None or m.number is None:
            return []
        put = self._lower(m.first - 1) == "at" and self._lower(m.first - 2) in cue("estimates")
        return [m] if put or self._lower(m.first - 1) == "to" else []

    def _is_the(self, k: int) -> list[Mention]:
        """ "38 and not 50, as first feared, is the number of people killed", where token k is "toll" or "number"."""
        while self._lower(k - 1) in cue("toll_adjectives"):
            k -= 1
        if self._lower(k - 1) != "the" or self._lower(k - 2) not in ("is", "was", "remains"):
            return []
        opening = next((q for q in range(k - 2, -1, -1) if self._lower(q) in _SAYS), -1)
        first = next((m for m in self.scene.mentions if opening < m.first < k), None)
        return [first] if first is not None and first.first == opening + 1 and first.bare and first.number is not None else []

    def _body(self, t: Trigger) -> list[Mention]:
        """ "the bodies of five people", "five bodies were found"."""
        of = self._of(t) if self._lower(t.last) == "of" else []
        found = self._near(t, "body_verbs", _FOUND_REACH)
        if self._lower(t.first) == "body" and self._lower(t.last) == "of":  # of one person, unlike "a body of experts"
            return of if found and of and (of[0].value, of[0].rule) == (1, "exact") else []
        if of or not found:
            return of
        for k in range(t.first, max(0, t.first - 3), -1):
            if k in self.number_ends:
                return [_of_number(self.number_ends[k])]
        before = self._lower(t.first - 1)
        more = before == "another" or before in ORDINALS
        if self._lower(t.first) in ("body", "corpse") and (more or before in ("a", "unidentified")):
            first = t.first - more
            return [Mention(first, t.last, t.first, t.last, self._lower(t.first), 1, "exact", trigger=t.first, additional=more)]
        return []

    def _buried(self, t: Trigger, verbs: VerbGroup) -> list[Mention]:
        """ "Buried the nine victims of the raid", "the 44 victims were buried", "nine farmers were buried": they are dead."""
        near = [m for m in self.scene.mentions if t.first - _BURIED <= m.first < t.last + _BURIED]
        if victims := [m for m in near if m.head in cue("restating_dead") and m.number is not None and not m.part]:
            return victims[:1]
        buried = self._left(t, verbs) if verbs.passive else self._right(t) or self._of(t)
        counted = bool(buried) and all(m.number is not None and not m.unknown for m in buried)
        return buried if counted and self._next_trigger(buried[-1]) is None else []  # not "buried 12 people killed in the raid"

    def _lost(self, t: Trigger, verbs: VerbGroup) -> list[Mention]:
        """ "The army lost 23 men", "ten of our soldiers were lost": those whom an armed party lost in a fight."""
        if verbs.passive:
            lost = self._left(t, verbs)
            fought = lost and all(m.number is not None and m.victim_class not in ("unknown", "civilians") for m in lost)
            return lost if fought else []
        party = any(self._lower(k) in cue("losers") for k in range(max(0, t.first - _LOSER), t.first))
        first = self.starts.get(t.last)
        fighters = first is not None and first.number is not None and first.head in cue("lost_men")
        return [first] if party and fighters else []

    def _by_means(self, t: Trigger) -> list[Mention]:
        """ "3 policemen by roadside bomb in Mosul", as notes begin."""
        m = self._mention_before(t.first)
        return [m] if m is not None and m.last == t.first and (m.first == 0 or self._lower(m.first - 1) in (";", ".")) else []

    def _left_dead(self, t: Trigger) -> list[Mention]:
        """ "left dead five people"."""
        return self._right(t) if self._lower(t.first - 1) in ("left", "leaving", "leaves") else []

    def _roster(self, t: Trigger) -> tuple[bool, list[Mention]]:
        """Whether the trigger means people told of before ("the dead", "those killed"), and those that are named of them.

        "Among the dead were two nurses", "those killed were identified as ...", "two nurses are among the dead".
        """
        before = self._lower(t.first - 1)
        if t.reason is not None or t.frame not in ("past", "state", "count") or before not in ("the", "those"):
            return False, []
        if t.frame == "past" and before == "the" and t.last in self.starts:
            return False, []
        among = self._lower(t.first - 2) in ("among", "amongst")
        for k in range(t.last, min(t.last + 16, len(self.tokens) - 1)):
            low = self._lower(k)
            if low in (";", ".") or k in self.trigger_at:
                break
            listed = low in ("as", ":") and self._lower(k - 1) in cue("named_as")
            listed |= (among and self._tag(k) == "be") or low in ("included", "include", "includes")
            if listed and k + 1 in self.starts:
                return True, self._listed(self.starts[k + 1])
        if among:
            verbs = verb_group(self.tokens, t.first - 2)
            return True, self._left(t, verbs) if verbs.passive else []
        return False, []

    def _listed(self, first: Mention) -> list[Mention]:
        """The mentions of a list that begins with `first`, parts or not."""
        if not first.part:
            return self._onwards(first)
        chain = [first]
        for m in self.scene.mentions[first.index + 1 : first.index + _CHAIN]:
            if not (m.part and m.joined):
                break
            chain.append(m)
        return summands(self.scene, chain)

    # Victims to the left

    def _left(self, t: Trigger, verbs: VerbGroup) -> list[Mention]:
        """The subject of a passive, an intransitive or a state."""
        scene, relative = self.scene, False
        k = start = self._before_aside(verbs.start)
        held = k >= 0 and scene.at[k] >= 0 and scene.mentions[scene.at[k]].last == t.first  # "dozens of killed and wounded"
        if (
            not (verbs.passive or held)
            and (self._lower(k) in ("the", "of", "those", "for", "to", "own") or self._tag(k) == "determiner")
            and t.frame in ("past", "state")
        ):
            return []  # "the wounded", "families of killed and missing", "residents counted their dead"
        bottom = max(-1, k - (_REACH if verbs.passive or verbs.perfect or t.frame == "intransitive" else _SHORT_REACH))
        while k > bottom:
            low = self._lower(k)
            if scene.at[k] < 0:
                if low in ("who", "whom") or (low == "that" and k == verbs.start and verbs.passive):
                    relative = self._lower(k - 1) != "of"
                elif self._ends_clause(k, relative) and not (low == "but" and k == verbs.start):
                    who = self._relative_before(k, verbs.start) if t.frame == "intransitive" else 0
                    if not who:
                        return []
                    k, relative = who, True
                elif low == ")":
                    k = next((q for q in range(k - 1, max(-1, k - 40), -1) if self._lower(q) == "("), k)
                k -= 1
                continue
            m = scene.mentions[scene.at[k]]
            if m.head in _ACCUSATIVES and (verbs.passive or verbs.perfect or t.frame == "intransitive"):
                k = m.first - 1
                continue
            if self._is_other_count(m, t) or (m.head in cue("witnesses") and self._tag(m.last) == "report"):
                return []
            if m.part and (relative or self._speaks_of(m, t, verbs) if m.of_them else m.bare and m.post == t.first):
                return [m]
            if m.part or self._in_relative(m, verbs):
                k = self._start(m) - 1
                continue
            chain = self._back(m)
            adjacent = not verbs.passive and (
                m.post > start or (m.post == start and t.frame == "past" and self._lower(start) == ",")
            )
            if relative:
                return summands(scene, chain)
            if "was" in scene.words[verbs.start + 1 : t.first] and (one := _one_person(chain)) is not None:
                return [one]
            if adjacent and t.frame == "intransitive" and self._after_preposition(chain[0]):
                if free := self._behind_a_place(chain):
                    return summands(scene, free)
                k = chain[0].first - 1  # "a man shot in Homs dies", "a driver caught between two gangs died"
                continue
            if adjacent:
                return summands(scene, self._beside(chain, t))
            free = self._free(chain)
            if free:
                return summands(scene, free)
            k = chain[0].first - 1
        return []

    def _before_aside(self, k: int) -> int:
        """The token before an aside that a comma at k ends ("five people, two of them girls who were out, were killed"); k
        where none does. Those whom the aside tells of are parts of the group before it.
        """
        if self._lower(k) != ",":
            return k
        for comma in range(k - 1, max(0, k - _ASIDE), -1):
            verb = self._tag(comma) in ("be", "have", "modal") and not {"who", "which", "that"} & set(
                self.scene.words[comma - 2 : comma]
            )
            if verb or self._lower(comma) in _CLAUSE_ENDS:
                return k
            before = self.scene.mentions[self.scene.at[comma - 1]] if self.scene.at[comma - 1] >= 0 else None
            if self._lower(comma) != "," or before is None or before.part or before.post > k:
                continue
            inside = [m for m in self.scene.mentions if comma < m.first < k]
            if self._is_aside(before, comma + 1, inside):
                for m in inside:
                    m.part = True
                return comma - 1
        return k

    def _is_aside(self, before: Mention, first: int, inside: list[Mention]) -> bool:
        """Whether the words from token `first` up to a comma and a verb only tell more of a mention before them."""
        word = self._lower(first)
        if self._tag(first) == "conjunction":
            return False
        if (word.endswith("ed") or word in word_list("people.yaml", "participles")) and first not in self.trigger_at:
            return not before.name
        if before.number is None or (before.value == 1 and before.rule == "exact") or not (before.head or before.additional):
            return False
        whole = [m for m in inside if not m.part]
        if whole and whole[0].chain == before.chain and whole[0].joined in ("and", "or"):
            return False  # "two girls, 17 and 18, and a boy, 18, were wounded"
        listed = bool(whole) and whole[0].first == first and all(m.head for m in whole)
        chain = sum(m.value for m in self._back(before))  # "his parents and two sisters, a family of four, died"
        return not listed or sum(m.value for m in summands(self.scene, whole)) in (before.value, chain)

    def _behind_a_place(self, chain: list[Mention]) -> list[Mention]:
        """ "In Homs, two men died", "In the city of Homs, ...": those who follow the name of a place that opens the clause."""
        k = chain[0].first
        while k and k > chain[0].first - _OPENING and self._lower(k - 1) not in _STOPS and self._tag(k - 1) != "conjunction":
            k -= 1
        place = chain[0].name and self._lower(k) in _AT
        return chain[1:] if place and len(chain) > 1 and chain[1].joined == "," else []

    def _relative_before(self, k: int, last: int) -> int:
        """The "who" before the clause at k, where nothing sets that clause off: "those who were hurt when it fell died"."""
        if "," in self.scene.words[k : last + 1]:
            return 0
        return next((q for q in range(k - 1, max(0, k - _REACH), -1) if self._lower(q) in ("who", ",", ";")), 0)

    def _start(self, m: Mention) -> int:
        """Where a mention begins, "all but" taken in ("all but two of them children")."""
        return m.first - 2 * (self.scene.words[max(0, m.first - 2) : m.first] == ["all", "but"])

    def _in_relative(self, m: Mention, verbs: VerbGroup) -> bool:
        """Whether a relative clause that ends at a comma has the mention: ", whose mother was ill,", ", who was a priest,"."""
        if "," not in self.scene.words[m.post : verbs.start + 1]:
            return False
        before = self.scene.words[max(0, m.first - _CLAUSE) : m.first]
        opened = max((k for k, word in enumerate(before) if word in ("who", "whose")), default=-1)
        return opened >= 0 and "," not in before[opened:] and m.joined != "and"

    def _speaks_of(self, m: Mention, t: Trigger, verbs: VerbGroup) -> bool:
        """Whether "one of them" is the subject, and no aside: ", one of them a child,", ", two of whom were ill,"."""
        between = range(m.last, verbs.start + 1)
        if any(self._tag(k) == "be" for k in between):
            return False
        set_off = self._lower(self._start(m) - 1) == "," and any(self._lower(k) == "," for k in between)
        if set_off and m.noun < m.last:
            return False  # "nine soldiers, seven of them conscripts, were killed"
        plural = any(self._lower(k) in ("were", "are", "have") for k in range(verbs.start + 1, t.first))
        return not (set_off and plural and m.value == 1)

    def _beside(self, chain: list[Mention], t: Trigger) -> list[Mention]:
        """The mentions of a chain that stands right before a participle ("two men and a boy killed in the raid")."""
        m = chain[-1]
        governor = self._governor(chain[0])
        if self._governor(m) == "by":
            return []
        place = governor == "according" or (chain[0].name and governor in _PLACES)  # "in Baghdad, dozens wounded"
        active = chain[0].first - 1 in self.trigger_at
        if m.head in _NOMINATIVE and t.frame == "past":
            return []  # "he killed"
        if active and t.frame == "state" and self.trigger_at[chain[0].first - 1].weak:
            return chain  # "they shot him and his son dead"
        if m.pronoun and m.additional and self._lower(chain[0].first - 1) == "," and chain[0].first - 2 in self.trigger_at:
            return [m]  # "five were killed, a woman and four children, and others injured"
        onlookers = governor == "of" and chain[-1].joined == ","  # "in front of his family, teenage son hurt"
        taken = (self._free(chain) or [m]) if len(chain) > 1 and (place or active or onlookers) else chain
        if m.whole is not None and m.value == 1:
            whole = m.whole
            return [*taken[:-1], replace(m, number=whole, value=whole.value, rule=whole.rule, top=whole.top)]
        return [*taken[:-1], inner_mention(self.scene, m) if m.number is None else m]

    def _free(self, chain: list[Mention]) -> list[Mention]:
        """The mentions of a chain that can be a subject: all, or those after the last "and" where a verb has the first."""
        governor = self._governor(chain[0])
        if governor is None:
            return chain
        last = next((i for i in range(len(chain) - 1, 0, -1) if chain[i].joined in ("and", ",", ":")), 0)
        ands = [i for i, c in enumerate(chain) if c.joined == "and"]
        if governor == "of" and chain[-1].name:
            return []
        return chain[ands[-1] :] if ands else chain[last:] if last else []

    def _ends_clause(self, k: int, relative: bool) -> bool:
        low, tag = self._lower(k), self._tag(k)
        if low in _CLAUSE_ENDS:
            return True
        if low == ".":
            before = self.tokens[k - 1].text if k else ""
            return not (before[:1].isupper() and len(before) <= 4)
        if tag == "relative" and self._mention_before(k) is not None:
            return False  # "five people that had fled the camp were killed"
        return tag in ("clause", "relative") and low not in ("as", "until", "where", "since") and not relative

    def _is_other_count(self, m: Mention, t: Trigger) -> bool:
        """ "five deaths", "their injuries" are no subjects of another casualty word."""
        if m.trigger is None or m.trigger == t.first or self.trigger_at[m.trigger].frame != "count":
            return False
        return m.number is not None or self.trigger_at[m.trigger].measure != "casualties"

    def _back(self, m: Mention) -> list[Mention]:
        """The chain up to a mention, from its first or from after one that has a casualty word of its own."""
        chain = [m]
        for before in reversed(self.scene.mentions[max(0, m.index - _CHAIN) : m.index]):
            if before.part:
                continue
            if before.chain != m.chain or not chain[0].joined or self._next_trigger(before) is not None:
                break
            chain.insert(0, before)
        return chain

    def _governor(self, m: Mention) -> str | None:
        """The preposition or verb that a mention belongs to, which then is no subject; None: it can be one."""
        k = m.first - 1
        while k >= 0 and (
            self.tokens[k].text in _QUOTES
            or self._lower(k) in ("also", "the", "then")
            or self._lower(k) in cue("parts_of_places")
            or self._lower(k).endswith(("ly", "'s"))
        ):
            k -= 1
        if k < 0:
            return None
        low, tag = self._lower(k), self._tag(k)
        if self._cited(k) and not (m.number is not None and is_capital(self.tokens[k])):
            return "according"
        if tag == "preposition":
            free = low == "with" and (self._tag(m.post) not in ("be", "have") or self._lower(m.post) == "being")
            return None if free else low
        if k in self.trigger_at:
            return low if self.trigger_at[k].frame in ("past", "base", "present", "gerund") else None
        if low in ("left", "leave", "leaves", "leaving", "found", "including"):
            return None  # "leaving five people dead"
        return low if tag == "verb" or (low.endswith("ing") and tag is None and k > 0 and not self._is_noun(k)) else None

    def _is_noun(self, k: int) -> bool:
        """Whether a word in -ing is no verb: "on Friday evening two were killed", "in the shelling two were killed"."""
        return self._tag(k - 1) == "determiner" or self._lower(k - 1).endswith("'s") or is_temporal(self.tokens[k - 1])

    def _after_preposition(self, m: Mention) -> bool:
        """ "between two gangs", "with three friends", "in the West Ward"."""
        return self._tag(m.first - 1) == "preposition" or (m.name and self._governor(m) in _PLACES)

    def _cited(self, k: int) -> bool:
        """ "according to user Nour Saleh": the words up to the comma are a source."""
        for q in range(k, max(-1, k - 10), -1):
            if self._lower(q) in (",", ";"):
                return False
            if self._lower(q) == "according":
                return True
        return False

    # Mentions that several casualty words claim

    def _settled(self, groups: list[Group]) -> list[Group]:
        """Each mention once per measure; weak words give way to others, injured to killed; parts go to their whole."""
        for g in groups:
            if g.trigger.frame == "toll":
                self._hand_over(g, groups)
        measure = None
        for g in groups:
            if g.trigger.frame == "figure":
                g.trigger = replace(g.trigger, measure=measure)
            measure = g.measure
        groups = [g for g in groups if g.measure]
        for a, b in pairwise(groups):
            first = b.mentions[0] if b.mentions else None
            if a.total and first is not None and self.scene.words[a.trigger.last : first.first] == ["and"]:
                b.total = b.total or not first.additional  # "in total five were killed and nine injured"
            if first is not None and first.whole and b.trigger.weak and a.measure == "killed" and len(a.mentions) == 1:
                b.remainder += a.mentions[0].value  # "he was dying, one of four people shot"
        dead = {_key(m) for g in groups for m in g.mentions if g.measure == "killed" and not g.trigger.weak}
        sure = {_key(m) for g in groups for m in g.mentions if not g.trigger.weak}
        again = {(m.head, m.value) for g in groups for m in g.mentions if m.definite and g.measure == "killed"}
        told: set[tuple[tuple[int, int], str]] = set()
        kept: list[Group] = []
        for g in groups:
            g.mentions = [
                m
                for m in g.mentions
                if (_key(m), g.measure) not in told
                and not (g.trigger.weak and (_key(m) in sure or (m.head, m.value) in again))
                and not (g.measure == "injured" and _key(m) in dead)
            ]
            if g.mentions:
                told |= {(_key(m), g.measure) for m in g.mentions}
                kept.append(g)
        return self._with_parts(kept)

    def _hand_over(self, toll: Group, groups: list[Group]) -> None:
        """ "The number of victims reached 12 injured": the word beside the number tells what it measures."""
        keys = {_key(m) for m in toll.mentions}
        for g in groups:
            if g is not toll and g.measure != toll.measure and any(_key(m) in keys for m in g.mentions):
                g.total = True
                toll.mentions = []

    def _with_parts(self, groups: list[Group]) -> list[Group]:
        """Give parts to the group that they are part of, and take the dead out of the injured."""
        owner = {_key(m): g for g in groups for m in g.mentions}
        wholes: dict[str, Group] = {}
        whole: Group | None = None
        folded: list[Group] = []
        ahead: list[Mention] = []  # parts told before their whole
        for m in self.scene.mentions:
            group = owner.get(_key(m))
            if not (m.part or m.of_them or (group is not None and (group.roster or _of_those(m, group, whole)))):
                if group is not None and group.mentions[0].index == m.index:
                    whole = wholes[group.measure] = group
                    for part in ahead:
                        its = owner.get(_key(part))
                        if its is not None and (group.measure, its.measure) == ("injured", "killed"):
                            group.remainder += part.value if part.rule == "exact" else 0
                        elif part.value < m.value and (its is None or its.measure == group.measure):
                            group.parts.append(part)
                            folded += [] if its is None else [its]
                    ahead = []
                continue
            if whole is None:
                ahead.append(m)
            target = whole if group is None else wholes.get(group.measure)
            if target is not None and target is not group and m.value > 0:
                target.parts.append(m)
                folded += [] if group is None else [group]
            elif (
                whole is not None
                and group is not None
                and (whole.measure, group.measure) == ("injured", "killed")
                and not group.roster
            ):
                whole.remainder += m.value if m.rule == "exact" else 0
        return [g for g in groups if not any(g is f for f in folded)]


def _one_person(chain: list[Mention]) -> Mention | None:
    """A "teacher and poet from Homs, Sara Nasser," as one, where the verb says that it is one."""
    *trades, name = chain
    bare = [m for m in trades if m.bare and not m.name and m.rule == "exact" and m.value == 1]
    if len(bare) < 2 or bare != trades or not name.name or name.joined != ",":
        return None
    return replace(name, first=trades[0].first, noun=trades[0].noun, victim_class=trades[0].victim_class)


def _of_those(m: Mention, group: Group, whole: Group | None) -> bool:
    """ "Four shot, one killed", "two were shot and one died": the dead are of those who were shot."""
    if whole is None or not whole.trigger.weak or (whole.measure, group.measure) != ("injured", "killed"):
        return False
    return m.bare and not m.head and not m.additional and m.value < sum(w.value for w in whole.mentions)


def _key(m: Mention) -> tuple[int, int]:
    """What tells one mention from another: its number or, without one, its place."""
    return (m.number.first, 0) if m.number is not None else (m.first, 1)


def _of_number(n: Number) -> Mention:
    """A mention of a number alone."""
    return Mention(n.first, n.last, n.last, n.last, "", n.value, n.rule, n.top, n, additional=n.additional, bare=True)
