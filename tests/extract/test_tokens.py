from hypothesis import given
from hypothesis import strategies as st

from include.extract.tokens import lowered, tokenise


@given(st.text(max_size=80))
def test_tokens_are_the_words_at_their_spans(text):
    tokens = tokenise(text)
    assert all(text[t.start : t.end] == t.text for t in tokens)
    assert "".join(t.text for t in tokens).split() == "".join(text.split()).split()


@given(st.text(alphabet=st.characters() | st.sampled_from("İΣẞŉ"), max_size=80))
def test_lower_case_text_keeps_every_span(text):
    assert len(lowered(text)) == len(text)


def test_capitals_are_lowered():
    assert lowered("İZMİR and Homs") == "İzmİr and homs"
