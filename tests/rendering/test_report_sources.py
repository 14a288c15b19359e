"""No statistic is typed: whoever reads the report's sources finds no bare number in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from synthese.editorial.sentences import read_sentences
from synthese.errors import SyntheseError

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "report").glob("*.qmd"))

# What may hold a digit, each with its reason.
ALLOWED = {
    "the front matter and its keys": re.compile(r"\A---\n.*?\n---\n", re.DOTALL),
    "attributes, artefact ids and classes": re.compile(r"\{[^}\n]*\}"),
    "addresses": re.compile(r"<https?://[^>]+>"),
    "names of notebooks": re.compile(r"0[1-5]-[a-z]+"),
    "markers of a numbered list": re.compile(r"^\d\. ", re.MULTILINE),
    "a year, as a date": re.compile(r"(?:\b(?:fin|en|depuis|début)|,|\bet|\bchiffres) (?:19|20)\d\d\b"),
}
# A cited fact, which the questionnaire did not give: marked as such, in a box that names its source and year.
CITED = re.compile(r"\[[^\]]*\]\{\.fait-cite\}")


def bare_numbers(text: str) -> list[str]:
    for pattern in (CITED, *ALLOWED.values()):
        text = pattern.sub(" ", text)
    return re.findall(r"[^\n]{0,30}\d[^\n]{0,20}", text)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_number_is_typed(path: Path) -> None:
    assert bare_numbers(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "Ainsi, 85 % des structures répondantes le citent.",
        "46 sur 54 structures.",
        "Les 4 dimensions.",
        "Une base de 118 réponses, en 2026 comme avant.",
    ],
)
def test_a_typed_number_would_be_seen(text: str) -> None:
    assert bare_numbers(text)


def test_a_percentage_is_not_typed_in_words() -> None:
    words = re.compile(r"\b(?:vingt|trente|quarante|cinquante|soixante|quatre-vingt)[\w-]* (?:%|pour cent)")
    for path in SOURCES:
        assert not words.search(path.read_text(encoding="utf-8")), path.name


def test_cited_facts_name_their_source_and_its_year() -> None:
    found = 0
    for path in SOURCES:
        for block in re.split(r"\n:{3,}", path.read_text(encoding="utf-8")):
            if CITED.search(block):
                found += 1
                assert re.search(r"Source : [^\n]*(?:19|20)\d\d", block), block
    assert found, "the box on the Fabrique à initiatives cites facts"


def test_the_sentences_file_is_sound() -> None:
    assert len(read_sentences(ROOT / "report" / "phrases.yml").phrases) >= 20


def test_a_number_typed_in_a_sentence_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "phrases.yml"
    file.write_text('schema: 1\nphrases:\n  - {id: txt-x, text: "85 % des structures le disent."}\n', encoding="utf-8")
    with pytest.raises(SyntheseError) as caught:
        read_sentences(file)
    assert caught.value.code == "typed-number"
    assert "phrases.yml" in str(caught.value)


def test_every_piste_has_a_predicate() -> None:
    pistes = [s for s in read_sentences(ROOT / "report" / "phrases.yml").phrases if s.id.startswith("txt-piste-")]
    assert len(pistes) == 5
    assert all(piste.when and piste.otherwise for piste in pistes)


def test_each_sentence_of_the_file_is_in_the_report() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCES)
    for sentence in read_sentences(ROOT / "report" / "phrases.yml").phrases:
        assert f'artefact="{sentence.id}"' in text, f"{sentence.id} is written but never shown"
