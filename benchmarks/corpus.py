"""The articles that the speed benchmark reads: generated, the same in every run.

Ordinary news speaks of sport, money, politics, weather and culture, with the words of death and war that such news uses
("dead heat", "killed the bill", "injury time") and some crashes, disease and crime; conflict news mixes sentences of its own
with paragraphs of the demo's newsroom. Real news says more different things than this does.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from demo.newsroom.articles import load_outlets

DAY = "2022-04-11"
"""Day of publication of every article."""
SOMETIMES = 0.25
"""Share of articles that take a paragraph out of their topic's `sometimes`."""
WORDS = (160, 520)
"""Shortest and longest article, in words; any length between is equally likely, so that the mean is about 360."""


def articles(count: int, conflict_share: float, seed: int = 0) -> Iterator[dict[str, str]]:
    """That many articles as the extract command takes them, of which this share is about conflict."""
    random = Random(seed)
    topics, weights = zip(*_data()["ordinary"].items(), strict=True)
    for number in range(count):
        topic = "conflict" if random.random() < conflict_share else random.choices(topics, weights)[0]
        yield {"id": f"{topic}-{seed}-{number}", **_article(topic, random), "published_at": DAY}


@cache
def _data() -> dict[str, Any]:
    data = yaml.safe_load(Path(__file__).with_name("corpus.yaml").read_text(encoding="utf-8"))
    newsroom = (paragraph for outlet in load_outlets() for article in outlet.articles for paragraph in article.paragraphs)
    data["topics"]["conflict"]["paragraphs"] += [p.replace("{", "(").replace("}", ")") for p in newsroom]
    return data


class _Slots(dict):
    """Fills a template's slots, each time anew."""

    def __init__(self, random: Random):
        super().__init__()
        self._random = random

    def __missing__(self, slot: str) -> str:
        if slot == "small":
            return str(self._random.randint(2, 19))
        if slot == "large":
            return str(self._random.randint(20, 99))
        return self.fill(self._random.choice(_data()["slots"][slot]))

    def fill(self, template: str) -> str:
        """The template with its slots filled."""
        return template.format_map(self)


def _article(topic: str, random: Random) -> dict[str, str]:
    parts, slots = _data()["topics"][topic], _Slots(random)
    text = [_sentence(slots.fill(random.choice(parts["leads"])))]
    if "sometimes" in parts and random.random() < SOMETIMES:
        text.append(_sentence(slots.fill(random.choice(parts["sometimes"]))))
    words, wanted = sum(len(paragraph.split()) for paragraph in text), random.randint(*WORDS)
    pool: list[str] = []
    while words < wanted:
        pool = pool or random.sample(parts["paragraphs"], len(parts["paragraphs"]))
        text.append(_sentence(slots.fill(pool.pop())))
        words += len(text[-1].split())
    return {"title": _sentence(slots.fill(random.choice(parts["titles"]))), "text": "\n\n".join(text)}


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
