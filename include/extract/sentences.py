"""The parts of an article (title and text) as sentences, with the way back to the text as published.

A line is a paragraph, except in texts of wrapped lines (agency wires, e-mails), where a blank line ends one. Lists of other
stories ("Related news", "Next post") that leaked into the text are marked: another incident's toll must not become this one's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from include.clean.normalise import Normalised, normalise
from include.extract.lexicon import load
from include.extract.mentions import Sentence
from include.extract.patterns import PatternSet

_DATA = load("sentences.yaml")
# A mark that can end a sentence, with the character that begins the next one, if one follows.
_END = re.compile(r"[.!?\u2026]['\")\]]{0,3}(?=\s+['\"(\[]{0,3}([^\s'\"(\[])?)")
_WORD_BEFORE = re.compile(r"([A-Za-z][A-Za-z.]{0,9})$")
_ABBREVIATIONS = frozenset(_DATA["abbreviations"])
_BEFORE_NUMBER = frozenset(_DATA["abbreviations_before_a_number"])
_INITIALS = re.compile(r"(?:[A-Za-z]\.){1,4}[A-Za-z]$|[A-Z]$")
_OTHER_STORIES = re.compile(rf"(?:{'|'.join(_DATA['other_stories'])})\b[\s:|]*", re.IGNORECASE)
_OTHER_STORY = re.compile(rf"[(\[]?(?:{'|'.join(_DATA['other_story'])})\s?[:|]\s*[^\s:|]", re.IGNORECASE)
_AGED = re.compile(_DATA["age"] + "$", re.IGNORECASE)
_OF_OTHER_STORIES = PatternSet(
    {
        "age": rf"(?im){_DATA['age']}\s*$",
        "heading": rf"(?im)^\s*{_OTHER_STORIES.pattern}",
        "label": rf"(?im)(?:^|[.!?…]['\")\]]{{0,3}}\s)\s*{_OTHER_STORY.pattern}",
    }
)
_POST = re.compile(
    rf"[(\[]?{_DATA['post'].replace('TIME', _DATA['time']).replace('ZONE', _DATA['zone'])}[)\]]?\s*(?:$|[-\u2014|:]\s)",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"[.!?]['\")\]]{0,3}$")
_TITLE_BREAK = re.compile(r"\s+[|\u2022]\s+|\s+[-\u2014]\s+|:\s+(?=['\"A-Z])")
_LINE = re.compile(r"[^\n]+")
_WRAPPED_WIDTH = range(45, 121)
_WRAPPED_SHARE = 0.8
_SLACK = 6
_LONG_HEADLINE = 60
_REPEATED = 25
"""Characters from which on a line that the headline begins with repeats it, and is no mere word of a menu."""
_LONGEST = 1500
"""Characters of the longest sentence: the rules look back and forth over a whole sentence, so that an endless one would take
forever. Sentences of half that length are rare in news.
"""


@dataclass(frozen=True)
class Part:
    """A part of an article: its name (title or text) and its text as published, normalised."""

    name: str
    normalised: Normalised

    @classmethod
    def of(cls, name: str, raw: str) -> "Part":
        """The part with this text."""
        return cls(name, normalise(raw))

    @cached_property
    def text(self) -> str:
        """The text that the extractors read: normalised, and with line breaks inside a paragraph turned into spaces."""
        text = self.normalised.text
        return _unwrapped(text) if self.name == "text" else text.replace("\n", " ")

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences in order; spans are of `text`."""
        return list(_title_sentences(self.text) if self.name == "title" else _text_sentences(self.text))

    @cached_property
    def other_stories(self) -> frozenset[int]:
        """Indexes of the sentences that belong to lists of other stories."""
        return _other_stories(self.sentences) if self.name == "text" and _OF_OTHER_STORIES.any(self.text) else frozenset()

    def raw(self, start: int, end: int) -> tuple[str, int, int]:
        """The words as published behind text[start:end], and their span there."""
        start, end = self.normalised.raw_span(start, end)
        return self.normalised.raw[start:end], start, end


def _unwrapped(text: str) -> str:
    """The text with the line breaks of wrapped lines turned into spaces; every span stays.

    Lines are wrapped where the next line's first word would hardly ever have fitted on them.
    """
    pairs = [p for block in re.split(r"\n[ \t]*\n", text) for p in pairwise(filter(None, map(str.rstrip, block.split("\n"))))]
    if len(pairs) < 3:
        return text
    width = max(len(line) for line, _ in pairs)
    full = sum(len(line) + len(after.split(maxsplit=1)[0]) >= width - _SLACK for line, after in pairs)
    if width not in _WRAPPED_WIDTH or full < _WRAPPED_SHARE * len(pairs):
        return text
    return re.sub(r"(?<!\n)\n(?![ \t]*\n)", " ", text)


def _text_sentences(text: str) -> Iterator[Sentence]:
    index, post = 0, 0
    lines = [line for line in _LINE.finditer(text) if not line[0].isspace()]
    opens = {line.start() for line in lines if _POST.match(line[0])}
    for paragraph, line in enumerate(lines):
        post += len(opens) > 1 and line.start() in opens
        for start, end in _split(text, line.start(), line.end()):
            yield Sentence(text[start:end], start, end, "text", paragraph, index, post)
            index += 1


def _title_sentences(title: str) -> Iterator[Sentence]:
    """A headline's segments; a copy of the headline that follows it ("X - Site X - Site") is left out."""
    start = len(title) - len(title.lstrip())
    head = title[start : start + 30]
    again = title.find(head, start + 1) if len(head) == 30 else -1
    stop = again if again > 0 else len(title)
    index = 0
    for m in (*_TITLE_BREAK.finditer(title, start, stop), None):
        end = m.start() if m else stop
        for a, b in _split(title, start, end):
            yield Sentence(title[a:b], a, b, "title", 0, index)
            index += 1
        start = m.end() if m else stop


def _split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the sentences in text[start:end], without the space around them."""
    found = []
    begin = start
    for m in _END.finditer(text, start, end):
        if _ends_sentence(text, begin, m):
            found += _pieces(text, begin, m.end())
            begin = m.end()
    return found + _pieces(text, begin, end)


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The sentence text[start:end], which is cut at spaces where it is longer than anybody writes."""
    found = []
    while end - start > _LONGEST:
        stop = text.rfind(" ", start + 1, start + _LONGEST)
        stop = start + _LONGEST if stop < 0 else stop
        found += _trimmed(text, start, stop)
        start = stop
    return found + _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return [(start, end)] if start < end else []


def _ends_sentence(text: str, begin: int, stop: re.Match) -> bool:
    follows = stop[1]
    if not follows:
        return True
    if follows.islower() and text[begin : stop.end()].lower() != text[begin : stop.end()]:
        return False
    if text[stop.start()] != "." or stop.end() > stop.start() + 1:
        return True
    word = text[text.rfind(" ", begin, stop.start()) + 1 : stop.start()]
    if not word.isalpha():
        letters = _WORD_BEFORE.search(word, max(0, len(word) - 10))
        word = letters[1] if letters else ""
    if word.lower() in _ABBREVIATIONS or _INITIALS.fullmatch(word):
        return False
    return not (word.lower() in _BEFORE_NUMBER and follows.isdigit())


def _other_stories(sentences: list[Sentence]) -> frozenset[int]:
    """After a heading of other stories, the lines up to the next one that closes like a sentence. A label with one headline
    ("READ MORE: ...") marks its sentence, and the lines after it up to the next one that closes at all. A headline with its age
    is another story wherever it stands.
    """
    found = set()
    closing: int | None = None
    """Length from which a line that closes like a sentence ends the list; null outside of lists."""
    for paragraph in _paragraphs(sentences):
        labelled = [s.index for s in paragraph if _OTHER_STORY.match(s.text)]
        if labelled:
            closing = 0
        elif _OTHER_STORIES.match(paragraph[0].text):
            closing = _LONG_HEADLINE
        elif closing is not None and _CLOSED.search(paragraph[-1].text) and len(paragraph[-1].text) > closing:
            closing = None
        if closing is not None or _AGED.search(paragraph[-1].text):
            found.update(labelled or (s.index for s in paragraph))
    return frozenset(found)


def above_headline(sentences: list[Sentence], title: str) -> frozenset[int]:
    """Indexes of the sentences of a text that stand above a line that repeats its headline: menus and headlines of other
    stories. None where one of them closes like a sentence, or where no line repeats the headline.
    """
    title = title.lower()
    above: list[int] = []
    for paragraph in _paragraphs(sentences):
        line = " ".join(s.text for s in paragraph).strip()
        if len(line) >= _REPEATED and title.startswith(line.lower()):
            return frozenset(above)
        if len(line) > _LONG_HEADLINE and _CLOSED.search(line):
            break
        above += (s.index for s in paragraph)
    return frozenset()


def _paragraphs(sentences: list[Sentence]) -> Iterator[list[Sentence]]:
    group: list[Sentence] = []
    for sentence in sentences:
        if group and sentence.paragraph != group[-1].paragraph:
            yield group
            group = []
        group.append(sentence)
    if group:
        yield group
