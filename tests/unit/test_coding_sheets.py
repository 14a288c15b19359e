"""Coding sheets: however a spreadsheet left them they are read or refused; redaction; nothing written is lost."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from synthese.cleaning import clean
from synthese.cleaning.redaction import redactor
from synthese.cleaning.sheets import FreeTexts, key_of, match, updated
from synthese.codebook import Codebook
from synthese.codebook.codesheets import Sheet, SheetRow, read_sheet, sheet_bytes
from synthese.errors import SyntheseError
from synthese.exports import RawColumn, RawExport
from synthese.study import WaveSettings

HEAD = "text;key;n;code;label;second_coder;note\n"
PLAIN = redactor({})


def read(tmp_path, content: bytes | str, encoding=None) -> Sheet:
    path = tmp_path / "F1.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_sheet(path, "data/raw/2024/coding/F1.csv", encoding)


def refused(tmp_path, content: bytes | str, encoding=None) -> str:
    with pytest.raises(SyntheseError) as caught:
        read(tmp_path, content, encoding)
    return str(caught.value)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff", "sep=\n"])
def test_a_sheet_is_read_as_a_spreadsheet_leaves_it(tmp_path, delimiter, end, mark):
    mark = mark.replace("sep=", f"sep={delimiter}") if end != "\r" else mark.replace("sep=\n", "")
    lines = [["Text", "KEY", "n", "code", "label", "second_coder", "note", "", ""]]
    lines += [['"Jardin, rue; dit ""le clos"""', "t1", "2", "jardin|velo", "", "jardin", "à voir", "", ""]]
    lines += [[""] * 9, ["Vélo", "t2", "", " velo "]]
    text = mark + end.join(delimiter.join(line) for line in lines) + end
    sheet = read(tmp_path, text)
    first, second = sheet.rows
    assert (first.text, first.key, first.n) == ('Jardin, rue; dit "le clos"', "t1", 2)
    assert (first.codes, first.second_codes, first.note) == (("jardin", "velo"), ("jardin",), "à voir")
    assert (second.text, second.codes, second.n) == ("Vélo", ("velo",), 0)
    assert first.line == (3 if "sep" in mark else 2)


@pytest.mark.parametrize("cell", ["=1+1", "+33 1", "-5", "@nom", "'=1", "''-", "l'an", "'tis", 'a "b"; c\nd', "\ufffd"])
def test_cells_come_back_as_they_were_and_none_is_a_formula(tmp_path, cell):
    row = SheetRow(cell, "t1", 1, "a", cell, "b", cell, (cell,))
    content = sheet_bytes(Sheet("F1", (row,), ("relu",)))
    back = read(tmp_path, content)
    assert [(r.text, r.label, r.note, r.more) for r in back.rows] == [(cell, cell, cell, (cell,))]
    assert sheet_bytes(back) == content
    body = content.decode("utf-8-sig").split("\n", 1)[1]
    assert not any(part.lstrip('"')[:1] in tuple("=+-@") for part in body.split(";") if part.strip('"'))


def test_french_excel_opens_it():
    content = sheet_bytes(Sheet("F1", (SheetRow("Été", "t1", 1),)))
    assert content == b"\xef\xbb\xbf" + (HEAD + "Été;t1;1;;;;\n").encode()


def test_another_encoding_is_asked_for_not_guessed(tmp_path):
    content = (HEAD + "Été;t1;1;ete;L’été;;\n").encode("cp1252")
    said = refused(tmp_path, content)
    assert "data/raw/2024/coding/F1.csv: this sheet is not UTF-8 text → save it as « CSV UTF-8 »" in said
    assert "synthese code --encoding cp1252" in said
    assert read(tmp_path, content, "cp1252").rows[0].label == "L’été"
    assert read(tmp_path, content.decode("cp1252").encode("utf-16"), "utf-16").rows[0].text == "Été"
    assert "is not ascii text" in refused(tmp_path, content, "ascii")
    assert "no encoding 'cp125' is known" in refused(tmp_path, content, "cp125")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "even its header is missing"),
        ("\n\n", "even its header is missing"),
        ("a;b\n1;2\n", "it has no column code, text"),
        ("text;key\nx;y\n", "it has no column code → the columns are text;key;n;code"),
        ("text;code;code\n", "two columns of this sheet have one name"),
        (HEAD + "a;t1;1;x;;;;; y\n", "row 2: this row has 9 cells, the header 7"),
        (HEAD + 'a;t1;1;x;;;\n"b;t2;1\nc;t3;1\n', "row 3: from here on this is no CSV"),
    ],
)
def test_a_damaged_sheet_is_refused_with_its_line_and_without_its_texts(tmp_path, content, said):
    assert said in refused(tmp_path, content)


def test_a_sheet_that_cannot_be_opened_is_told(tmp_path):
    with pytest.raises(SyntheseError, match="this sheet cannot be read"):
        read_sheet(tmp_path / "none.csv", "none.csv")


PERSONAL = {
    "A1": (False, ["Association Les Ruches d’Été (LRE)", "oui", "Le Labo", "Coop", "Réseau - Atelier des Lilas"]),
    "A2": (True, ["Marie-Claire DUPONT", "José de la Tour", "une phrase qui parle de la rose des vents ici"]),
    "A3": (True, ["p.martin@lesruches.org", "contact@gmail.com"]),
    "A4": (True, ["06 12 34 56 78"]),
}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("écrire à zoe.k@exemple.fr ou zoe.k [at] exemple.fr", "écrire à […] ou […]"),
        ("zoe arobase exemple.fr", "[…]"),
        ("voir https://ex.org/a?b=c, www.ex.org, ex-emple.asso.fr/x et @zoe_k", "voir […] et […]"),
        ("au 06 12 34 56 78, +33 (0)6.12.34.56.78, 0612345678", "au […], […], […]"),
        ("les ruches d'ete et LES RUCHES D’ÉTÉ", "les […] et LES […]"),
        ("avec Les Ruches d’Été (LRE), atelier des lilas", "avec Les […] ([…]), […]"),
        ("lre en minuscules, Coopérer, coop", "lre en minuscules, Coopérer, […]"),
        ("Mme Dupont, dupont, J. de la Tour, MARIE CLAIRE DUPONT", "Mme […], dupont, J. de la […], […]"),
        ("Martin et la rose des Vents", "[…] et la rose des Vents"),
        ("oui, au labo ; le Labo", "oui, au labo ; […]"),
        ("Ma\u200brtin\u00a0: l'e\u0301te\u0301\n  fini", "[…] : l'été fini"),
        ("à lesruches", "à […]"),
        (
            "acteur.rices, 3.10 €, 2024-2026 ; l’Atelier",
            "acteur.rices, 3.10 €, 2024-2026 ; l’Atelier",
        ),
    ],
)
def test_what_identifies_is_blanked(text, left):
    redact = redactor(PERSONAL)
    assert redact(text) == left
    assert redact(left) == left


def free(*texts, personal=None) -> FreeTexts:
    return FreeTexts({"F1": np.array(texts, dtype=object)}, personal or {})


@pytest.mark.parametrize(("header", "meta"), [("Compte", "user"), ("Prénom", None), ("Adresse", "email")])
def test_names_that_the_tool_adds_are_blanked_too(header, meta):
    columns = (RawColumn(0, header, None, 1, kind="meta", meta=meta), RawColumn(1, "Dites", None, 2))
    rows = pd.DataFrame({0: pd.array(["Ana Vey" if meta != "email" else "ana.vey@x.fr"], dtype="str"),
                         1: pd.array(["Voir Mme Vey"], dtype="str")})  # fmt: skip
    raw = RawExport("google-forms", "x.csv", rows, columns, np.array([2]), "utf-8", ",", 1.0)
    book = {"schema": 1, "title": "t", "questions": [{"id": "F1", "section": "a", "text": "Dites", "type": "open"}]}
    wave = {
        "schema": 1, "id": "2024", "title": "t", "export": "x.csv", "tool": "google-forms", "channel": "c",
        "field": {"start": dt.date(2024, 1, 1), "end": dt.date(2024, 2, 1)}, "design": "self-selected",
    }  # fmt: skip
    done = clean(raw, Codebook.model_validate(book), WaveSettings.model_validate(wave))
    assert [text.text for text in done.free.of("F1")] == ["Voir Mme […]"]


def nothing(_text):
    return "", ""


def brought_up(sheet, texts: FreeTexts, suggest=nothing) -> Sheet:
    return updated(sheet, texts.of("F1"), texts.redact, suggest)


def told(sheet: Sheet) -> list[tuple[str, int, str]]:
    return [(row.text, row.n, row.code) for row in sheet.rows]


def test_texts_that_are_one_after_redaction_share_a_row_in_the_order_of_the_export():
    texts = free("Zone B", "", " Jardin de Paul Ney ", "zone  b", "\u00a0", "Jardin de Zoé Roy", "Zone B",
                 personal={"A2": (True, ["Paul Ney", "Zoé Roy"])})  # fmt: skip
    assert [(t.text, t.n, list(t.places)) for t in texts.of("F1")] == [
        ("Zone B", 3, [0, 3, 6]),
        ("Jardin de […]", 2, [2, 5]),
    ]
    assert "Paul" not in repr(texts)


def test_a_key_tells_no_more_than_the_text_beside_it_and_is_no_number():
    (text,) = free("Jardin de Paul Ney", personal={"A2": (True, ["Paul Ney"])}).of("F1")
    assert text.key == key_of("jardin de [...]")
    assert text.key != key_of("Jardin de Paul Ney")
    assert text.key[0] == "t"


def test_codes_survive_new_texts_and_texts_that_went():
    first = brought_up(Sheet("F1"), free("un", "deux", "trois"))
    coded = Sheet("F1", tuple(
        SheetRow(r.text, r.key, r.n, code, line=i) for i, (r, code) in enumerate(zip(first.rows, "xyz", strict=True))
    ))  # fmt: skip
    after = brought_up(coded, free("quatre", "trois", "trois", "un"))
    assert told(after) == [("un", 1, "x"), ("trois", 2, "z"), ("quatre", 1, ""), ("deux", 0, "y")]
    assert told(brought_up(after, free("deux", "trois", "un"))) == [
        ("un", 1, "x"), ("trois", 1, "z"), ("deux", 1, "y"),
    ]  # fmt: skip


@pytest.mark.parametrize("field", ["code", "label", "second_coder", "note"])
def test_a_row_that_nobody_wrote_in_goes_with_its_text_any_other_stays(field):
    kept = SheetRow("un", key_of("un"), 1, **{field: "x"})
    after = brought_up(Sheet("F1", (SheetRow("deux", key_of("deux"), 1), kept)), free())
    assert told(after) == [("un", 0, kept.code)]


def test_a_text_that_a_spreadsheet_damaged_is_found_by_its_key():
    sheet = Sheet("F1", (SheetRow("03-juin", key_of("3-6"), 1, "a"), SheetRow("1,2E+08", "", 1, "b")))
    after = brought_up(sheet, free("120000", "3-6"))
    assert told(after) == [("03-juin", 1, "a"), ("120000", 1, ""), ("1,2E+08", 0, "b")]


def test_a_name_blanked_by_hand_stays_blank_and_leaves_no_digest():
    texts = free("Le jardin de Zoé", "Le jardin partagé")
    by_hand = Sheet("F1", (SheetRow("Le jardin de [...]", key_of("Le jardin de Zoé"), 1, "a"),))
    after = brought_up(by_hand, texts)
    assert told(after) == [("Le jardin de […]", 1, "a"), ("Le jardin partagé", 1, "")]
    assert after.rows[0].key == key_of("Le jardin de […]")
    again = brought_up(after, texts)
    assert again == after
    # Two texts fit: neither is taken for it, and the row stays.
    unsure = brought_up(again, free("Le jardin de Luc", "Le jardin de Max"))
    assert told(unsure) == [("Le jardin de Luc", 1, ""), ("Le jardin de Max", 1, ""), ("Le jardin de […]", 0, "a")]


def test_a_name_blanked_by_hand_leaves_no_digest_where_its_text_went():
    gone = Sheet("F1", (SheetRow("Le jardin de […]", key_of("Le jardin de Zoé"), 1, "a"),))
    assert brought_up(gone, free()).rows[0].key == key_of("Le jardin de […]")


def test_a_text_blanked_altogether_does_not_come_back():
    texts = free("Zoé Roy")
    after = brought_up(Sheet("F1", (SheetRow("[…]", key_of("Zoé Roy"), 1, "_"),)), texts)
    assert told(after) == [("[…]", 1, "_")]
    assert told(brought_up(after, texts)) == [("[…]", 1, "_")]


def test_a_name_that_the_wave_learns_is_blanked_in_rows_that_were_there():
    before = brought_up(Sheet("F1"), free("Jardin de Paul Ney"))
    coded = Sheet("F1", (SheetRow(before.rows[0].text, before.rows[0].key, 1, "a", note="x"),))
    after = brought_up(coded, free("Jardin de Paul Ney", personal={"A2": (True, ["Paul Ney"])}))
    assert told(after) == [("Jardin de […]", 1, "a")]


def test_columns_sorted_apart_are_noticed():
    texts = free("un", "deux")
    sheet = Sheet("F1", (SheetRow("un", key_of("deux"), 1, "a", line=2),))
    assert [row.line for row in match(sheet, texts.of("F1"), PLAIN).apart] == [2]


def test_columns_of_the_researcher_and_emptied_codes_stay_as_they_are(tmp_path):
    content = "\ufeff" + HEAD.replace("\n", ";relu\n") + f"un;{key_of('un')};1;;;;;oui\n"
    after = brought_up(read(tmp_path, content), free("un", "deux"), lambda _: ("a", "repris"))
    assert [(r.text, r.code, r.more) for r in after.rows] == [("un", "", ("oui",)), ("deux", "a", ("",))]
    assert sheet_bytes(after).decode().splitlines()[0].endswith(";note;relu")
