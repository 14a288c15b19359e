"""Every quoted number tells the cell it comes from, and its text stays as it was."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from synthese.artefacts import Source
from synthese.editorial import Claim, Ref, question_table, write_claim, write_value
from synthese.editorial.provenance import Cut, sourced
from synthese.formatting import french

_SPEC = spec_from_file_location("editorial_study", Path(__file__).with_name("editorial_study.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
study = module_from_spec(_SPEC)
_SPEC.loader.exec_module(study)

S = "\u00a0"
ESTIMATES = {
    "pairs": Ref("F1", "echange_pairs"),
    "etp": Ref("B6", statistic="median"),
}
SOURCE = Source("F1", "share", "définition", "champ", "méthode", "2024")


@pytest.fixture(scope="module")
def first():
    return study.first_wave()


@pytest.fixture(scope="module")
def second():
    return study.second_wave()


def made(released, text: str, estimates=ESTIMATES):
    return write_claim(released, Claim("txt-essai", text, estimates)).artefact


def test_number_is_cut_out_of_the_sentence(first) -> None:
    artefact = made(first, "« Cités » : {pairs.share} ! En {wave.year}, {pairs.who} {pairs.verb:cite|citent} cela.")
    numbers = [(part.text, part.source) for part in artefact.parts if part.source is not None]
    assert numbers == [
        (french("85 % (46 sur 54)"), 0),
        ("une très grande majorité des structures répondantes", 0),
    ]
    assert "".join(part.text for part in artefact.parts) == artefact.text
    assert artefact.text == french(
        "« Cités » : 85 % (46 sur 54) ! En 2024, une très grande majorité des structures répondantes cite cela."
    )
    assert len(artefact.sources) == 1


def test_source_names_its_cell_definition_base_and_method(first) -> None:
    (source,) = made(first, "{pairs.share}").sources
    assert (source.question, source.option, source.statistic, source.wave) == ("F1", "echange_pairs", "share", "2024")
    assert (source.count, source.base) == (46, 54)
    assert source.definition == (
        f"«{S}De quels renforcements avez-vous besoin\u202f?{S}», réponse «{S}Échange entre pairs{S}»"
    )
    assert source.field.startswith("Structures répondantes à la question F1")
    assert french("n = 54") in source.field
    assert "arrondie à l’unité" in source.method
    assert f"«{S}Une très grande majorité{S}» se dit d’une part de 80–94{S}%" in source.method
    assert "Participation volontaire" in source.method


def test_number_of_a_group_of_a_gap_and_of_a_numeric_question(first, second) -> None:
    refs = {
        "membres": Ref("F1", "echange_pairs", by="B7", group="oui"),
        "ecart": Ref("F1", "echange_pairs", statistic="difference", reference_wave="2024"),
    }
    group, gap = made(second, "{membres.counts} et {ecart.points}", refs).sources
    (median,) = made(first, "{etp.value}").sources
    assert (gap.reference_wave, gap.statistic, gap.count) == ("2024", "difference", None)
    assert "écart entre 2024 et 2026" in gap.definition
    assert (group.by, group.group) == ("B7", "oui")
    assert f"groupe «{S}Oui{S}» de «{S}Membre d’un réseau{S}»" in group.definition
    assert "aux deux questions" in group.field
    assert median.definition == f"«{S}ETP dédiés{S}», médiane"
    assert median.count is None


def test_withheld_sentence_quotes_nothing(first) -> None:
    few = {"habitat": Ref("D2", "habitat")}
    counts = ({"energie": 1, "habitat": 1}, 2)
    released = study.released(study.shares("D2", *counts))
    assert not released.estimate("D2", "habitat").shown
    artefact = made(released, "{habitat.count}", few)
    assert (artefact.parts, artefact.sources) == ((), ())


def test_value_is_one_part(first) -> None:
    artefact = write_value(first, "val-pairs", Ref("F1", "echange_pairs")).artefact
    assert [(part.text, part.source) for part in artefact.parts] == [(artefact.text, 0)]
    assert write_value(first, "val-vague", Ref("F1", "echange_pairs"), "wave").artefact.parts == ()


@pytest.mark.parametrize(
    ("before", "number", "after"),
    [
        ("Soit... ", "1 234", " réponses ; ensuite."),
        ('Dites "', "12 %", '" : oui'),
        ("«", "85 % (46 sur 54)", "» !"),
        ("12 puis ", "12", " puis 12"),
        ("", "46 sur 54", ""),
        ("<script>alert(`x`)</script> $x$ \\ ", "5 %", " {{< meta x >}} ]]>"),
    ],
)
def test_parts_are_the_text_whatever_typography_does(before: str, number: str, after: str) -> None:
    cut = Cut()
    cut.add(before)
    cut.add(number, SOURCE)
    cut.add(after)
    text, parts, sources = cut.parts()
    assert text == french(before + number + after)
    assert "".join(part.text for part in parts) == text
    assert [part.text for part in parts if part.source == 0] == [french(number)]
    assert sources == (SOURCE,)


def test_typography_that_changes_a_number_is_told() -> None:
    cut = Cut()
    cut.add("a ")
    cut.add("x...y", SOURCE)
    with pytest.raises(ValueError, match="of the number"):
        cut.parts()


def test_table_has_one_source_for_all(first) -> None:
    piece = question_table(first, "tbl-f1", "F1")
    told = sourced(first, piece, "F1").artefact
    (source,) = told.sources
    assert (source.question, source.option, source.base, source.count) == ("F1", None, 54, None)
    assert source.field.startswith("Structures répondantes à la question F1")
    assert (told.payloads, told.caption, told.notes) == (
        piece.artefact.payloads,
        piece.artefact.caption,
        piece.artefact.notes,
    )
