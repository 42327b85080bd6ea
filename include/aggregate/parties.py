"""Who is who: one name and one identity for an actor, however reports write it."""

import re
from functools import cache, lru_cache
from pathlib import Path

import yaml

from include.aggregate.spelling import folded
from include.extract.actors import ACTORS, actor, find_actors
from include.extract.lexicon import load
from include.extract.mentions import ActorMention

_NAMES = 50_000
"""Names to remember: the same few thousand stand in most reports."""


@lru_cache(_NAMES)
def name_of(actor_id: str | None, written: str | None) -> str | None:
    """The name of an actor in the actor table; what was written where it is not in there, gunmen of no name as one."""
    try:
        if actor_id:
            return actor(actor_id).name
    except KeyError:  # an id that the table no longer has
        return written
    nobody = _parties()["unidentified"]
    words = set((folded(written) or "").split())
    described = words & set(nobody["heads"]) and words <= {*nobody["heads"], *nobody["modifiers"]}
    return nobody["name"] if described else written


def unidentified() -> str:
    """The name of a perpetrator who is nobody in particular."""
    return _parties()["unidentified"]["name"]


@lru_cache(_NAMES)
def party_of(written: str | None, actor_id: str | None = None) -> str | None:
    """What identifies a party: its id in the actor table (for a medium that speaks for a party, the party), else its words."""
    actor_id = actor_id or id_of(written or "")
    return _parties()["voices"].get(actor_id, actor_id) if actor_id else folded(written)


@lru_cache(_NAMES)
def is_named(body: str) -> bool:
    """Whether the words name a particular body: one in the actor table, or a name of its own ("Interior Ministry", "SOHR").

    "A military source" or "police" could be anybody; an article that cites them vouches for its figures itself.
    """
    words = [w for w in re.findall(r"\w+", body) if len(w) > 3 or w.isupper()]
    own_name = all(w[0].isupper() for w in words) and (len(words) > 1 or any(len(w) > 2 and w.isupper() for w in words))
    return id_of(body) is not None or own_name


@lru_cache(_NAMES)
def words_of(body: str) -> frozenset[str]:
    """The folded words of a body's names, those that are written with a capital: its own and what else it is called."""
    names = (body, *_aliases().get(id_of(body), ()))
    return frozenset(folded(word) for name in names for word in re.findall(r"\w+", name) if word[0].isupper())


def kind_of(body: str) -> str | None:
    """What kind of actor a body is (monitor, media, official ...), by the actor table or the form of its name."""
    mention = _mention(body)
    return mention.kind if mention else None


def id_of(written: str) -> str | None:
    """The id of the actor that the words name and that is all that they name."""
    mention = _mention(written)
    return mention.actor_id if mention else None


@lru_cache(_NAMES)
def _mention(written: str) -> ActorMention | None:
    found = find_actors(written)
    return found[0] if len(found) == 1 and folded(found[0].text) == folded(written) else None


@cache
def _aliases() -> dict[str, list[str]]:
    """All that texts call an actor, by id."""
    table = load(ACTORS.name)
    return {row["id"]: row["aliases"] for row in (*table["armed"], *table["cited"])}


@cache
def _parties() -> dict[str, dict]:
    return yaml.safe_load((Path(__file__).parent / "data" / "parties.yaml").read_text(encoding="utf-8"))
