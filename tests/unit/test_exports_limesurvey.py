"""LimeSurvey read: headings of every style, cells of both kinds of answers, its form file old and new."""

from __future__ import annotations

from pathlib import Path

import pytest

from synthese import exports
from synthese.errors import SyntheseError
from synthese.exports import Asked, Condition, Item, RawColumn, RawExport, Structure
from synthese.exports.limesurvey.words import plain
from synthese.exports.structures.lss import FORMAT as LSS

OWN = ["id", "submitdate", "lastpage", "startlanguage", "seed"]
OWN_FR = ["ID de la réponse", "Date de soumission", "Dernière page", "Langue de départ", "Tête de série"]
OWN_EN = ["Response ID", "Date submitted", "Last page", "Start language", "Seed"]
SENT = ["7", "2024-03-12 10:00:00", "3", "fr", "123456789"]


def put(folder: Path, rows: list[list[str | None]], delimiter: str = ";") -> Path:
    """Write a CSV as LimeSurvey does: a mark, quotes around all but NULL, a blank line at the end."""
    lines = [
        delimiter.join("" if cell is None else '"' + cell.replace('"', '""') + '"' for cell in row) for row in rows
    ]
    path = folder / "results-survey123456.csv"
    path.write_bytes(("\ufeff" + "\r\n".join(lines) + "\r\n\r\n").encode())
    return path


def lss(folder: Path, *, kind: str = "Survey", languages: tuple[str, ...] = ("fr",), **tables: list[dict]) -> Path:
    """Write a form file from the rows of its tables."""
    out = [f"<document>\n <LimeSurveyDocType>{kind}</LimeSurveyDocType>\n <DBVersion>498</DBVersion>\n <languages>"]
    out += [f"  <language>{language}</language>" for language in languages] + [" </languages>"]
    for name, rows in tables.items():
        names = "".join(f"<fieldname>{key}</fieldname>" for key in rows[0])
        body = "".join(
            "<row>" + "".join(f"<{k}><![CDATA[{v}]]></{k}>" if v else f"<{k}/>" for k, v in row.items()) + "</row>"
            for row in rows
        )
        out.append(f" <{name}><fields>{names}</fields><rows>{body}</rows></{name}>")
    path = folder / "limesurvey_survey_123456.lss"
    path.write_text('<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join([*out, "</document>"]), encoding="utf-8")
    return path


def question(qid: int, code: str, kind: str, text: str = "", **more: str) -> tuple[dict, dict]:
    """Rows of a question and of its text, as version 4 and later hold them."""
    row = {"qid": str(qid), "parent_qid": "0", "sid": "9", "gid": "1", "type": kind, "title": code, "other": "N"}
    row |= {"mandatory": "N", "question_order": str(qid), "scale_id": "0", "relevance": "1"} | more
    return row, {"qid": str(qid), "question": text or f"Texte {code}", "language": "fr"}


def part(qid: int, parent: int, code: str, text: str, scale: str = "0") -> tuple[dict, dict]:
    return question(qid, code, "T", text, parent_qid=str(parent), scale_id=scale)


def answer(aid: int, qid: int, code: str, text: str, scale: str = "0") -> tuple[dict, dict]:
    row = {"aid": str(aid), "qid": str(qid), "code": code, "sortorder": str(aid), "scale_id": scale}
    return row, {"aid": str(aid), "answer": text, "language": "fr"}


def form(folder: Path, questions, parts=(), answers=(), attributes=(), **tables) -> Path:
    """Write a French form of one group."""
    given = {
        "groups": [{"gid": "1", "group_order": "1", "grelevance": "1"}],
        "group_l10ns": [{"gid": "1", "group_name": "Vous", "language": "fr"}],
        "questions": [row for row, _ in questions],
        "question_l10ns": [text for _, text in (*questions, *parts)],
        "surveys": [{"sid": "9", "language": "fr"}],
        "surveys_languagesettings": [
            {"surveyls_survey_id": "9", "surveyls_language": "fr", "surveyls_title": "Enquête"}
        ],
    }
    if parts:
        given["subquestions"] = [row for row, _ in parts]
    if answers:
        given |= {"answers": [row for row, _ in answers], "answer_l10ns": [text for _, text in answers]}
    if attributes:
        keys = ("qid", "attribute", "value", "language")
        given["question_attributes"] = [dict(zip(keys, row, strict=True)) for row in attributes]
    return lss(folder, **given | tables)


def full_form(folder: Path) -> Path:
    """Write a form with a question of every shape that columns may have."""
    return form(
        folder,
        [
            question(1, "Q1", "L", "<p>Votre <b>structure</b>&nbsp;?</p>\r\n", other="Y", mandatory="Y"),
            question(2, "Q2", "M", "Vos outils", other="Y"),
            question(3, "Q3", "F", "Vos avis"),
            question(4, "Q4", "R", "Vos priorités"),
            question(5, "Q5", "P", "Vos appuis"),
            question(6, "Q6", "O", "Votre choix"),
            question(7, "Q7", "1", "Deux échelles"),
            question(8, "Q8", ";", "Des textes"),
            question(9, "Q9", "K", "Des nombres"),
            question(10, "Q10", "N", "Un nombre"),
            question(11, "Q11", "T", "Des mots"),
            question(12, "Q12", "Y", "Oui ou non"),
            question(13, "Q13", "|", "Un fichier"),
            question(14, "Q14", "X", "Une phrase"),
        ],
        [
            part(21, 2, "SQ001", "Tableur"),
            part(22, 2, "SQ002", "Papier; crayon"),
            part(31, 3, "SQ001", "Le fond"),
            part(32, 3, "SQ002", "La forme"),
            part(51, 5, "SQ001", "Amis"),
            part(52, 5, "SQ002", "Voisins"),
            part(71, 7, "SQ001", "Ligne"),
            part(81, 8, "R1", "Rangée"),
            part(82, 8, "C1", "Colonne", "1"),
            part(91, 9, "SQ001", "Femmes"),
            part(92, 9, "SQ002", "Hommes"),
        ],
        [
            answer(1, 1, "A1", "Commune"),
            answer(2, 1, "A2", "Région"),
            answer(3, 3, "A1", "Bien"),
            answer(4, 3, "A2", "Mal"),
            answer(5, 4, "A1", "Eau"),
            answer(6, 4, "A2", "Air"),
            answer(7, 6, "A1", "Ceci"),
            answer(8, 7, "B1", "Peu"),
            answer(9, 7, "C1", "Souvent", "1"),
        ],
        [
            ("1", "other_replace_text", "Autre : précisez", "fr"),
            ("2", "max_answers", "2", ""),
            ("2", "exclude_all_others", "SQ002", ""),
            ("7", "dualscale_headerB", "Fréquence", "fr"),
        ],
    )


CODES = ["Q1", "Q1[other]", "Q2[SQ001]", "Q2[SQ002]", "Q2[other]", "Q3[SQ001]", "Q3[SQ002]", "Q4[1]", "Q4[2]",
         "Q5[SQ001]", "Q5[SQ001comment]", "Q5[SQ002]", "Q5[SQ002comment]", "Q6", "Q6[comment]", "Q7[SQ001][1]",
         "Q7[SQ001][2]", "Q8[R1_C1]", "Q9[SQ001]", "Q9[SQ002]", "Q10", "Q11", "Q12", "Q13",
         "Q13[filecount]"]  # fmt: skip
TEXTS = ["Votre structure ?", "Votre structure ? [Autre]", "Vos outils [Tableur]", "Vos outils [Papier; crayon]",
         "Vos outils [Autre]", "Vos avis [Le fond]", "Vos avis [La forme]", "Vos priorités [Rang 1]",
         "Vos priorités [Rang 2]", "Vos appuis [Amis]", "Vos appuis [Commentaire]", "Vos appuis [Voisins]",
         "Vos appuis [Commentaire]", "Votre choix", "Votre choix [Commentaire]", "Deux échelles [Ligne][Échelle 1]",
         "Deux échelles [Ligne][Échelle 2]", "Des textes [Rangée][Colonne]", "Des nombres [Femmes]",
         "Des nombres [Hommes]", "Un nombre", "Des mots", "Oui ou non", "Un fichier"]  # fmt: skip
HELD = [("Q1", None, "Votre structure\u00a0?", None), ("Q1", "other", "Votre structure\u00a0?", "Autre : précisez"),
        ("Q2", "SQ001", "Vos outils", "Tableur"), ("Q2", "SQ002", "Vos outils", "Papier; crayon"),
        ("Q2", "other", "Vos outils", "Autre"), ("Q3", "SQ001", "Vos avis", "Le fond"),
        ("Q3", "SQ002", "Vos avis", "La forme"), ("Q4", "rank:1", "Vos priorités", "1"),
        ("Q4", "rank:2", "Vos priorités", "2"), ("Q5", "SQ001", "Vos appuis", "Amis"),
        ("Q5_SQ001comment", None, "Vos appuis [Amis][Commentaire]", None), ("Q5", "SQ002", "Vos appuis", "Voisins"),
        ("Q5_SQ002comment", None, "Vos appuis [Voisins][Commentaire]", None), ("Q6", None, "Votre choix", None),
        ("Q6_comment", None, "Votre choix [Commentaire]", None),
        ("Q7_1", "SQ001", "Deux échelles [Échelle 1]", "Ligne"),
        ("Q7_2", "SQ001", "Deux échelles [Fréquence]", "Ligne"),
        ("Q8_R1_C1", None, "Des textes [Rangée][Colonne]", None), ("Q9_SQ001", None, "Des nombres [Femmes]", None),
        ("Q9_SQ002", None, "Des nombres [Hommes]", None), ("Q10", None, "Un nombre", None),
        ("Q11", None, "Des mots", None), ("Q12", None, "Oui ou non", None),
        ("Q13", None, "Un fichier", None)]  # fmt: skip
CODED = ["-oth-", "Syndicat", "Y", "", "", "A1", "A2", "A2", "A1", "Y", "un mot", "", "", "A1", "note", "B1", "C1",
         "texte", "3", "4", "12.5", "'=1+1", "Y", "[]", "0"]  # fmt: skip
FULL = ["Autre", "Syndicat", "Oui", "Non", "", "Bien", "Mal", "Air", "Eau", "Oui", "un mot", "Non", "", "Ceci", "note",
        "Peu", "Souvent", "texte", "3", "4", "12.5", "'=1+1", "Oui", "[]"]  # fmt: skip


def places(export: RawExport) -> list[tuple]:
    return [(c.code, c.part, c.header, c.sub) for c in export.columns if c.kind == "answer"]


def by(export: RawExport, code: str, of: str | None = None) -> RawColumn:
    return next(c for c in export.columns if (c.code, c.part) == (code, of))


def meant(export: RawExport, code: str, of: str | None = None) -> str:
    column = by(export, code, of)
    cell = export.cells.loc[0, column.index]
    return str(column.missing.get(cell, column.labels.get(cell, cell)))


@pytest.mark.parametrize("style", ["code", "expression", "both", "text"])
def test_every_style_of_heading_finds_its_place_in_the_form(tmp_path, style):
    heads = {
        "code": [*OWN, *CODES],
        "expression": [*OWN, *(expression(code) for code in CODES)],
        "both": [
            *(f"{c}. {t}" for c, t in zip(OWN, OWN_FR, strict=True)),
            *(f"{c}. {t}" for c, t in zip(CODES, [*TEXTS, "filecount - Un fichier"], strict=True)),
        ],
        "text": [*OWN_FR, *TEXTS],
    }[style]
    row = [*SENT, *(FULL if style == "text" else CODED)]
    export = exports.read(put(tmp_path, [heads, row]), structure=full_form(tmp_path))
    assert (export.tool, export.confidence) == ("limesurvey", 0.97)
    assert places(export) == HELD
    assert [c.meta for c in export.columns if c.kind == "meta"][:5] == ["id", "submitted", None, None, None]
    assert meant(export, "Q1") == "Autre : précisez"
    assert meant(export, "Q1", "other") == "Syndicat"
    assert meant(export, "Q3", "SQ002") == "Mal"
    assert meant(export, "Q4", "rank:1") == "Air"
    assert meant(export, "Q7_2", "SQ001") == "Souvent"
    assert meant(export, "Q11") == "=1+1"
    assert export.cells.loc[0, by(export, "Q11").index] == "'=1+1"


def expression(code: str) -> str:
    """Write a code as LimeSurvey's expressions do; they count scales from 0."""
    return code.replace("][1]", "_0").replace("][2]", "_1").replace("[", "_").replace("]", "")


def test_codes_without_a_form_stay_codes(tmp_path):
    export = exports.read(put(tmp_path, [[*OWN, *CODES], [*SENT, *CODED]]))
    assert export.structure is None
    got = places(export)
    assert got[0] == ("Q1", None, "Q1", None)
    assert got[1] == ("Q1", "other", "Q1", "other")
    assert got[2] == ("Q2", "SQ001", "Q2", "SQ001")
    assert got[7] == ("Q4", "rank:1", "Q4", "1")
    assert got[10] == ("Q5_SQ001comment", None, "Q5_SQ001comment", None)
    assert got[15] == ("Q7_1", "SQ001", "Q7_1", "SQ001")
    assert by(export, "Q1").labels == {}
    assert by(export, "Q11").labels == {"'=1+1": "=1+1"}


def test_texts_without_a_form_are_cut_into_question_and_option(tmp_path):
    export = exports.read(put(tmp_path, [[*OWN_FR, *TEXTS], [*SENT, *FULL]]))
    got = [(header, sub, part) for _, part, header, sub in places(export)]
    assert got[0] == ("Votre structure ?", None, None)
    assert got[1] == ("Votre structure ?", "Autre", None)
    assert got[3] == ("Vos outils", "Papier; crayon", None)
    assert got[7] == ("Vos priorités", "1", "rank:1")
    assert got[10] == ("Vos appuis [Amis][Commentaire]", None, None)
    assert got[12] == ("Vos appuis [Voisins][Commentaire]", None, None)
    assert got[14] == ("Votre choix [Commentaire]", None, None)
    assert got[17] == ("Des textes", "Rangée][Colonne", None)


@pytest.mark.parametrize(
    ("heading", "question_", "sub"),
    [
        ("Q [a] suite [opt]", "Q [a] suite", "opt"),
        ("Q [opt [1]]", "Q", "opt [1]"),
        ("Q", "Q", None),
        ("Prix &lt; 3 &amp; plus [R&amp;D]", "Prix < 3 & plus", "R&D"),
        ("Q [ouvert", "Q [ouvert", None),
    ],
)
def test_brackets_and_escapes_of_headings(tmp_path, heading, question_, sub):
    export = exports.read(put(tmp_path, [[*OWN_FR, heading], [*SENT, "x"]]))
    assert (export.columns[-1].header, export.columns[-1].sub) == (question_, sub)


def test_english_and_comma(tmp_path):
    heads = [
        *OWN_EN,
        "Date started",
        "Date last action",
        "IP address",
        "Referrer URL",
        "Tools [Paper]",
        "Tools [Other]",
    ]
    rows = [heads, [*SENT, "2024-03-12 09:00:00", "2024-03-12 10:00:00", "192.0.2.1", None, "N/A", None]]
    export = exports.read(put(tmp_path, [*rows, [*SENT, *rows[1][5:9], "Yes", "a pen"]], ","))
    assert (export.tool, export.confidence, export.delimiter) == ("limesurvey", 0.97, ",")
    assert [c.meta for c in export.columns[:9]] == [
        "id", "submitted", None, None, None, "started", "modified", "ip", None,
    ]  # fmt: skip
    assert export.columns[9].missing == {"N/A": "_not_asked"}
    assert export.columns[10].missing == {}


def test_underscored_headings_are_read_as_spaces_and_told(tmp_path):
    heads = [text.replace(" ", "_") for text in [*OWN_FR, "Votre structure ?", "Vos outils [Tableur]"]]
    path = put(tmp_path, [heads, [*SENT, "Commune", "Oui"]])
    export = exports.read(path, structure=full_form(tmp_path))
    assert [(c.code, c.part) for c in export.columns[5:]] == [("Q1", None), ("Q2", "SQ001")]
    assert "headings-underscored" in [note.code for note in export.notes]
    assert export.columns[0].kind == "meta"


def test_abbreviated_headings_are_refused_with_what_to_export(tmp_path):
    heads = ["ID de la répons.. ", "Date de soumiss.. ", "Dernière page", "Langue de dépar.. ", "Tête de série",
             "Quelle est votr.. ", "Court ? [Une option très.. ]"]  # fmt: skip
    with pytest.raises(SyntheseError, match="abbreviated") as caught:
        exports.read(put(tmp_path, [heads, [*SENT, "x", "Oui"]]))
    assert caught.value.code == "abbreviated-headings"
    assert "Full question text" in str(caught.value)
    assert ".lss" in str(caught.value)


def test_questions_that_end_in_dots_are_no_abbreviation(tmp_path):
    heads = [*OWN_FR, "Et après..", "Pourquoi pas ..", "Une question plus longue que celles-là"]
    assert exports.read(put(tmp_path, [heads, [*SENT, "a", "b", "c"]])).columns[5].header == "Et après.."


def test_one_empty_record_is_no_answer(tmp_path):
    with pytest.raises(SyntheseError, match="no answer has come in") as caught:
        exports.read(put(tmp_path, [[*OWN, "Q1"], [""] * 6]))
    assert caught.value.code == "no-answers"


def test_times_and_participants_are_the_tools_own_columns(tmp_path):
    heads = [*OWN, "token", "Q1", "email", "Q2", "interviewtime", "groupTime12", "Q1Time", "Q2Time", "firstname"]
    row = [*SENT, "tOkEn", "x", "an answer", "y", "12.1", "5.5", "3", "4", "Camille"]
    export = exports.read(put(tmp_path, [heads, row]))
    kinds = [(c.header, c.kind, c.meta) for c in export.columns[5:]]
    assert kinds == [
        ("token", "meta", "user"), ("Q1", "answer", None), ("email", "answer", None), ("Q2", "answer", None),
        ("interviewtime", "meta", None), ("groupTime12", "meta", None), ("Q1Time", "meta", None),
        ("Q2Time", "meta", None), ("firstname", "meta", "user"),
    ]  # fmt: skip
    heads = [*OWN_EN, "Your seed", "Total time", "Group time: Vous", "Question time: Q1"]
    export = exports.read(put(tmp_path, [heads, [*SENT, "x", "12", "5", "3"]]))
    assert [c.kind for c in export.columns[5:]] == ["answer", "meta", "meta", "meta"]


def test_a_question_worded_like_an_own_column_is_a_question(tmp_path):
    heads = [*OWN_FR, "Votre structure", "Adresse IP", "Tête de série", "Temps total"]
    export = exports.read(put(tmp_path, [heads, [*SENT, "a", "b", "c", "d"]]))
    assert [c.kind for c in export.columns[5:]] == ["answer"] * 4


def test_not_shown_is_told_for_multiple_responses_only(tmp_path):
    heads = [*OWN_FR, "Vos outils [Tableur]", "Vos outils [Papier; crayon]", "Vos outils [Autre]", "Votre structure ?",
             "Oui ou non"]  # fmt: skip
    rows = [[*SENT, "N/A", "N/A", None, None, "N/A"], [*SENT, "Non", "Oui", "", "Commune", "Non"]]
    for structure in (full_form(tmp_path), None):
        export = exports.read(put(tmp_path, [heads, *rows]), structure=structure)
        assert [dict(c.missing) for c in export.columns[5:]] == [
            {"N/A": "_not_asked"}, {"N/A": "_not_asked"}, {}, {}, {"N/A": "_no_answer"},
        ]  # fmt: skip
        (note,) = [note for note in export.notes if note.code == "not-shown-untold"]
        assert "only those to multiple responses" in note.what


def test_an_array_with_the_answer_na_is_no_multiple_response(tmp_path):
    heads = [*OWN_FR, "Avis [a]", "Avis [b]", "Accord ?"]
    rows = [[*SENT, "Oui", "N/A", "N/A"], [*SENT, "N/A", "N/A", ""], [*SENT, "Non", "Oui", "Oui"]]
    export = exports.read(put(tmp_path, [heads, *rows]))
    assert [dict(c.missing) for c in export.columns[5:]] == [{}, {}, {}]


def test_answer_codes_cannot_tell_what_was_not_shown(tmp_path):
    path = put(tmp_path, [[*OWN, "Q1", "Q2[SQ001]"], [*SENT, None, None], [*SENT, "", ""], [*SENT, "A1", "Y"]])
    export = exports.read(path, structure=full_form(tmp_path))
    assert [dict(c.missing) for c in export.columns[5:]] == [{}, {}]
    (note,) = [note for note in export.notes if note.code == "not-shown-untold"]
    assert "answer codes cannot tell" in note.what


def test_codes_of_questions_may_stand_over_full_answers_and_the_reverse(tmp_path):
    structure = full_form(tmp_path)
    export = exports.read(put(tmp_path, [[*OWN, "Q1", "Q2[SQ001]"], [*SENT, "Région", "N/A"]]), structure=structure)
    assert meant(export, "Q1") == "Région"
    assert meant(export, "Q2", "SQ001") == "_not_asked"
    heads = [*OWN_FR, "Votre structure ?", "Vos outils [Tableur]"]
    export = exports.read(put(tmp_path, [heads, [*SENT, "A2", "Y"]]), structure=structure)
    assert meant(export, "Q1") == "Région"


def test_an_open_answer_does_not_decide_what_answers_are(tmp_path):
    heads = [*OWN_FR, "Votre structure ?", "Votre structure ? [Autre]", "Des mots"]
    path = put(tmp_path, [heads, [*SENT, "Autre", "-oth-", "-oth-"]])
    export = exports.read(path, structure=full_form(tmp_path))
    assert meant(export, "Q1") == "Autre : précisez"
    assert meant(export, "Q11") == "-oth-"


def test_the_code_of_autre_tells_answer_codes_without_a_form(tmp_path):
    export = exports.read(put(tmp_path, [[*OWN_FR, "Votre structure ?"], [*SENT, "-oth-"]]))
    assert "answer codes" in str(export.notes[-1])
    export = exports.read(put(tmp_path, [[*OWN_FR, "Votre structure ?"], [*SENT, "Autre"]]))
    assert "full answers" in str(export.notes[-1])
    export = exports.read(put(tmp_path, [[*OWN_FR, "Vos outils [Tableur]"], [*SENT, "Y"]]))
    assert "answer codes" in str(export.notes[-1])


@pytest.mark.parametrize(("head", "cell"), [("Votre structure ?", "-oth-"), ("Q1", "Autre"), ("Q1", "Other")])
def test_autre_alone_tells_codes_from_full_answers(tmp_path, head, cell):
    own = OWN if head == "Q1" else OWN_FR
    export = exports.read(put(tmp_path, [[*own, head], [*SENT, cell]]), structure=full_form(tmp_path))
    assert meant(export, "Q1") == "Autre : précisez"


def test_an_option_called_autre_is_not_the_free_text(tmp_path):
    asked, answers = (
        question(1, "Q1", "L", "Type ?", other="Y"),
        [answer(1, 1, "A1", "Autre"), answer(2, 1, "A2", "Un")],
    )
    structure = form(tmp_path, [asked], (), answers, [("1", "other_replace_text", "Précisez", "fr")])
    export = exports.read(put(tmp_path, [[*OWN_FR, "Type ?"], [*SENT, "Autre"], [*SENT, "Un"]]), structure=structure)
    assert meant(export, "Q1") == "Autre"


def test_ticks_exported_as_1_and_2(tmp_path):
    rows = [[*OWN, "Q2[SQ001]", "Q1"], [*SENT, "1", "A1"], [*SENT, "2", "A1"]]
    export = exports.read(put(tmp_path, rows), structure=full_form(tmp_path))
    assert by(export, "Q2", "SQ001").labels == {"2": "N"}


def test_a_ranking_of_codes_is_told_from_an_array(tmp_path):
    heads = [*OWN, "R[1]", "R[2]", "R[3]", "T[1]", "T[2]"]
    rows = [[*SENT, "b", "a", "", "A1", "A1"], [*SENT, "c", "b", "a", "A2", "A1"]]
    export = exports.read(put(tmp_path, [heads, *rows]))
    assert [c.part for c in export.columns[5:]] == ["rank:1", "rank:2", "rank:3", "1", "2"]


def test_two_questions_worded_alike_keep_their_own_codes(tmp_path):
    structure = form(tmp_path, [question(1, "Q1", "T", "Précisez"), question(2, "Q2", "T", "Précisez")])
    export = exports.read(put(tmp_path, [[*OWN_FR, "Précisez", "Précisez"], [*SENT, "a", "b"]]), structure=structure)
    assert [c.code for c in export.columns[5:]] == ["Q1", "Q2"]


def test_a_heading_that_the_form_does_not_know_is_kept(tmp_path):
    path = put(tmp_path, [[*OWN, "Q1", "Z9[SQ001]"], [*SENT, "A1", "Y"]])
    export = exports.read(path, structure=full_form(tmp_path))
    assert places(export)[1] == ("Z9", "SQ001", "Z9", "SQ001")


def read_form(path: Path) -> Structure:
    return exports.read_structure(path)


def test_the_form_tells_kinds_options_lines_and_limits(tmp_path):
    structure = read_form(full_form(tmp_path))
    by_code = structure.by_code
    assert structure.title == "Enquête"
    assert by_code["Q1"] == Asked(
        "Q1", "Votre structure\u00a0?", "single", (Item("A1", "Commune"), Item("A2", "Région")),
        other="Autre : précisez", required=True, section="Vous",
    )  # fmt: skip
    assert (by_code["Q2"].kind, by_code["Q2"].maximum, by_code["Q2"].exclusive) == ("multiple", 2, ("SQ002",))
    assert by_code["Q2"].other == "Autre"
    assert by_code["Q3"].rows == (Item("SQ001", "Le fond"), Item("SQ002", "La forme"))
    assert by_code["Q4"].rows == (Item("A1", "Eau"), Item("A2", "Air"))
    assert by_code["Q4"].options == ()
    assert by_code["Q7_2"].options == (Item("C1", "Souvent"),)
    assert by_code["Q12"].options == (Item("Y", "Oui"), Item("N", "Non"))
    kinds = {
        code: asked.kind for code, asked in by_code.items() if code in {"Q8_R1_C1", "Q9_SQ001", "Q10", "Q11", "Q14"}
    }
    assert kinds == {"Q8_R1_C1": "open", "Q9_SQ001": "numeric", "Q10": "numeric", "Q11": "open", "Q14": "note"}


def test_a_form_of_versions_2_and_3_repeats_rows_for_each_language(tmp_path):
    def row(language: str, **more: str) -> dict:
        base = {"qid": "5", "parent_qid": "0", "sid": "9", "gid": "1", "other": "Y", "mandatory": "N"}
        return base | {"question_order": "1", "scale_id": "0", "relevance": "1", "language": language} | more

    tables = {
        "answers": [
            {"qid": "5", "code": code, "answer": text, "sortorder": order, "language": language, "scale_id": "0"}
            for code, order, texts in (("b", "2", ("Two", "Deux")), ("a", "1", ("One", "Un")))
            for language, text in zip(("en", "fr"), texts, strict=True)
        ],
        "groups": [
            {"gid": gid, "group_name": f"{name} {language}", "group_order": order, "language": language}
            for gid, name, order in (("1", "Second", "2"), ("2", "First", "1"))
            for language in ("en", "fr")
        ],
        "questions": [
            row("en", type="L", title="which", question="<p>Which&nbsp;one?</p>"),
            row("fr", type="L", title="which", question="Laquelle<br />\r\n des deux&#160;?<script>a<b</script>"),
            row("en", qid="6", gid="2", type="M", title="some", question="Some", other="N"),
            row("fr", qid="6", gid="2", type="M", title="some", question="", other="N"),
        ],
        "subquestions": [
            row(lang, qid="7", parent_qid="6", type="M", title="s1", question=text, other="N")
            for lang, text in (("en", "This"), ("fr", "Ceci"))
        ],
        "surveys": [{"sid": "9", "language": "en"}],
        "surveys_languagesettings": [
            {"surveyls_survey_id": "9", "surveyls_language": language, "surveyls_title": f"Title {language}"}
            for language in ("en", "fr")
        ],
    }  # fmt: skip
    french = read_form(lss(tmp_path, languages=("en", "fr"), **tables))
    assert french.title == "Title fr"
    assert [(q.code, q.label, q.section) for q in french.questions] == [
        ("some", "Some", "First fr"),
        ("which", "Laquelle des deux\u00a0?", "Second fr"),
    ]
    assert french.by_code["which"].options == (Item("a", "Un"), Item("b", "Deux"))
    assert french.by_code["which"].other == "Autre"
    assert french.by_code["some"].options == (Item("s1", "Ceci"),)
    english = read_form(lss(tmp_path, languages=("en", "de"), **tables))
    assert english.by_code["which"].label == "Which\u00a0one?"
    assert english.by_code["which"].other == "Other"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a<br>b", "a b"),
        ("<ul><li>a</li><li>b</li></ul>", "a b"),
        ("<b>a</b>b", "ab"),
        ("x &amp; y", "x & y"),
        ("<p>x</p> &lt;y&gt; &eacute;", "x <y> é"),
        ("<!-- note -->a<style>b{}</style>", "a"),
        ("3 < 4 > 2", "3 < 4 > 2"),
        ("  a\r\n\r\n  b\u2028c  d ", "a b c  d"),
        ("l’été\u202f?", "l’été\u202f?"),
    ],
)
def test_markup_is_dropped_and_text_kept(markup, text):
    assert plain(markup) == text


def test_items_of_a_ranking_may_be_subquestions(tmp_path):
    path = form(tmp_path, [question(1, "R", "R")], [part(2, 1, "SQ001", "Eau"), part(3, 1, "SQ002", "Air")])
    assert read_form(path).by_code["R"].rows == (Item("SQ001", "Eau"), Item("SQ002", "Air"))


@pytest.mark.parametrize(
    ("relevance", "condition"),
    [
        ('Q1.NAOK == "A1"', Condition("Q1", ("A1",))),
        ("((Q1 == 'A1'))", Condition("Q1", ("A1",))),
        ('Q1 eq "A1" or (Q1.NAOK=="A2") || Q1.code == "A1"', Condition("Q1", ("A1", "A2"))),
        ('Q1.NAOK == "-oth-"', Condition("Q1", ("-oth-",))),
        ("Q5 == 3", Condition("Q5", ("3",))),
        ('Q2_SQ001.NAOK == "Y" or Q2_SQ002.NAOK == "Y"', Condition("Q2", ("SQ001", "SQ002"))),
        ('((9X1X1.NAOK == "A1"))', Condition("Q1", ("A1",))),
        ('9X1X2SQ001 == "Y"', Condition("Q2", ("SQ001",))),
        ('Q1 == "A1" and Q2_SQ001 == "Y"', None),
        ('Q1 == "A1" or Q2_SQ001 == "Y"', None),
        ('Q2_SQ001 == "N"', None),
        ('Q1 != "A1"', None),
        ('Q1 == ""', None),
        ('Q3_SQ001 == "A1"', None),
        ('(Q1 == "A1") or (Q1 == "A2") and (Q5 == 1)', None),
        ("!is_empty(Q1)", None),
        ('unknown == "A1"', None),
    ],
)
def test_routing_of_one_question_is_read_and_any_other_kept(tmp_path, relevance, condition):
    parts = [part(21, 2, "SQ001", "a"), part(22, 2, "SQ002", "b"), part(31, 3, "SQ001", "c")]
    asked = [question(1, "Q1", "L"), question(2, "Q2", "M"), question(3, "Q3", "F"), question(5, "Q5", "5")]
    last = read_form(form(tmp_path, [*asked, question(9, "Q9", "T", relevance=relevance)], parts)).by_code["Q9"]
    assert last.shown_if == condition
    assert last.expression == ("" if condition else relevance)


def test_routing_of_a_group_and_of_a_question_both_count(tmp_path):
    groups = [{"gid": "1", "group_order": "1", "grelevance": 'Q1 == "A1"'}]
    asked = [question(1, "Q1", "L"), question(2, "Q2", "T", relevance='Q1 == "A2"')]
    structure = read_form(form(tmp_path, asked, groups=groups))
    assert structure.by_code["Q1"].shown_if == Condition("Q1", ("A1",))
    assert structure.by_code["Q2"].shown_if is None
    assert structure.by_code["Q2"].expression == '(Q1 == "A1") and (Q1 == "A2")'


def test_conditions_of_old_files_are_routing(tmp_path):
    rows = [
        {"qid": "2", "cqid": "1", "cfieldname": "9X1X1", "method": "==", "value": "A1"},
        {"qid": "2", "cqid": "1", "cfieldname": "9X1X1", "method": "==", "value": "A2"},
        {"qid": "3", "cqid": "1", "cfieldname": "9X1X1", "method": "!=", "value": "A1"},
    ]
    asked = [question(1, "Q1", "L"), question(2, "Q2", "T"), question(3, "Q3", "T")]
    structure = read_form(form(tmp_path, asked, conditions=rows))
    assert structure.by_code["Q2"].shown_if == Condition("Q1", ("A1", "A2"))
    assert structure.by_code["Q3"].expression == '9X1X1 != "A1"'


LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/hostname">]>
<document><LimeSurveyDocType>Survey</LimeSurveyDocType><questions><rows><row><qid>&b;&x;</qid></row></rows></questions>
</document>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_any_entity(tmp_path, encoding):
    path = tmp_path / "form.lss"
    path.write_bytes(LAUGHS.replace("?>", f' encoding="{encoding}"?>', 1).encode(encoding))
    with pytest.raises(SyntheseError) as caught:
        LSS.read(path.read_bytes(), path.name)
    assert caught.value.code == "unsafe-xml"
    assert "document type" in str(caught.value)
    assert "form.lss" in str(caught.value)


def test_a_broken_form_names_its_line(tmp_path):
    path = full_form(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("</groups>", "</group>"), encoding="utf-8")
    with pytest.raises(SyntheseError, match="not well-formed") as caught:
        read_form(path)
    assert caught.value.code == "broken-xml"
    assert caught.value.faults[0].row == 8


@pytest.mark.parametrize("kind", ["Group", "Survey"])
def test_a_file_without_questions_of_a_survey_is_no_form(tmp_path, kind):
    tables = {"questions": [question(1, "Q1", "T")[0]]} if kind == "Group" else {}
    with pytest.raises(SyntheseError, match="no survey with questions") as caught:
        read_form(lss(tmp_path, kind=kind, **tables))
    assert kind in str(caught.value)
