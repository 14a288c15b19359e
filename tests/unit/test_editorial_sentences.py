"""The file of sentences: every fault at once with its line, and a first wave that compares with nothing."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from synthese.editorial.sentences import read_sentences, write_sentences
from synthese.errors import SyntheseError

_SPEC = spec_from_file_location("editorial_study", Path(__file__).with_name("editorial_study.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
study = module_from_spec(_SPEC)
_SPEC.loader.exec_module(study)

PAIRS = "estimates: {pairs: {question: F1, option: echange_pairs}}"


def put(folder, body):
    file = folder / "phrases.yml"
    file.write_text(f"schema: 1\nphrases:\n{body}", encoding="utf-8")
    return file


def refused(file):
    with pytest.raises(SyntheseError) as caught:
        read_sentences(file)
    return caught.value


def test_a_sentence_and_what_stands_in_its_place(tmp_path):
    file = put(
        tmp_path,
        f"""  - id: txt-a
    {PAIRS}
    text: "Haut : {{pairs.counts}}."
    when: [{{at_least: [pairs, 0.8]}}]
    otherwise: "Bas : {{pairs.counts}}."
  - id: txt-b
    {PAIRS}
    text: "Très haut."
    when: [{{at_least: [pairs, 0.99]}}]
    variants: [{{text: "Moyen : {{pairs.counts}}.", when: [{{between: [pairs, 0.5, 0.9]}}]}}]
    otherwise: "Bas."
""",
    )
    texts = [p.artefact.text.replace("\u00a0", " ") for p in write_sentences(study.first_wave(), file)]
    assert texts == ["Haut : 46 sur 54.", "Moyen : 46 sur 54."]


def test_every_test_of_the_file_is_made(tmp_path):
    when = (
        "[{called: [pairs, tres_grande_majorite]}, {leads_by: [[pairs], [other], 3]}, {higher_than: [pairs, other, 5]}]"
    )
    file = put(
        tmp_path,
        f"""  - id: txt-a
    estimates: {{pairs: {{question: F1, option: echange_pairs}}, other: {{question: F1, option: autre}}}}
    text: "Tout tient."
    when: {when}
    otherwise: "Non."
""",
    )
    assert write_sentences(study.first_wave(), file)[0].artefact.text == "Tout tient."


def test_every_fault_is_told_at_once_with_its_line(tmp_path):
    error = refused(
        put(
            tmp_path,
            f"""  - {{id: txt-a, {PAIRS}, text: "85 % le disent."}}
  - {{id: txt-a, {PAIRS}, text: "Encore."}}
  - {{id: txt-c, {PAIRS}, text: "{{paires.share}}"}}
""",
        )
    )
    assert [(fault.code, fault.row) for fault in error.faults] == [
        ("typed-number", 3),
        ("duplicate", 4),
        ("placeholder", 5),
    ]
    assert "one of pairs" in str(error)


def test_two_tests_in_one_entry_are_refused(tmp_path):
    error = refused(
        put(
            tmp_path,
            f'  - {{id: txt-a, {PAIRS}, text: "A.", when: [{{at_least: [pairs, 0.5], at_most: [pairs, 0.9]}}]}}\n',
        )
    )
    assert "one test an entry" in str(error)


def test_a_comparison_says_what_the_first_wave_prints(tmp_path):
    ref = "estimates: {avant: {question: F1, option: echange_pairs, wave: previous}}"
    error = refused(put(tmp_path, f'  - {{id: txt-a, {ref}, text: "Avant : {{avant.counts}}."}}\n'))
    assert error.code == "no-first-wave"
    file = put(
        tmp_path, f'  - {{id: txt-a, {ref}, text: "Avant : {{avant.counts}}.", first_wave: "Rien à comparer."}}\n'
    )
    assert write_sentences(study.first_wave(), file)[0].artefact.text == "Rien à comparer."


def test_failures_of_all_sentences_are_told_together(tmp_path):
    file = put(
        tmp_path,
        f"""  - {{id: txt-a, {PAIRS}, text: "A.", when: [{{at_least: [pairs, 0.99]}}]}}
  - {{id: txt-b, {PAIRS}, text: "B.", when: [{{at_most: [pairs, 0.01]}}]}}
""",
    )
    with pytest.raises(SyntheseError) as caught:
        write_sentences(study.first_wave(), file)
    assert [fault.code for fault in caught.value.faults] == ["claim-fails", "claim-fails"]
    assert "phrases.yml" in str(caught.value)


def test_what_is_said_of_synthetic_data_does_not_outlive_them(tmp_path):
    file = put(
        tmp_path,
        f"""  - id: txt-a
    {PAIRS}
    text: "Base synthétique."
    when: [{{synthetic: [pairs]}}]
    otherwise: "Base réelle."
""",
    )
    assert write_sentences(study.first_wave(), file)[0].artefact.text == "Base synthétique."
    real = study.released(study.shares("F1", *study.F1_2024), study.wave_settings(synthetic=False))
    assert write_sentences(real, file)[0].artefact.text == "Base réelle."
