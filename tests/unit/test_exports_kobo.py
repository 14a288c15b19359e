"""KoboToolbox exports and XLSForms, on small files laid out as formpack's own tests expect them."""

from __future__ import annotations

import openpyxl
import pytest

from synthese import exports
from synthese.errors import SyntheseError
from synthese.exports import Answers, Condition, Field, Item, Submission, Ticked

OWN = ("_id", "_uuid", "_submission_time", "_validation_status", "_index")
TOLD = ("7", "f16d9a3f", "2024-03-12T10:00:00", "validation_status_approved", "1")


def kobo(path, header, *records):
    """Write a CSV as formpack does: `;`, every cell quoted."""
    lines = [(*header, *OWN), *((*record, *TOLD) for record in records)]
    cell = '"{}"'.format
    text = "\r\n".join(";".join(cell(str(c).replace('"', '""')) for c in line) for line in lines)
    path.write_bytes((text + "\r\n").encode())
    return path


def form(path, survey, choices=(), settings=None):
    book = openpyxl.Workbook()
    for name, rows in (("survey", survey), ("choices", choices), ("settings", settings or [])):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.remove(book.worksheets[0])
    book.save(path)
    return path


def labels(export):
    return [(c.header, c.sub, c.kind) for c in export.columns if c.header not in OWN]


def codes(export):
    return [note.code for note in export.notes]


EMPERORS = ("fav_emperor", "fav_emperor_other", "fav_emperors", "fav_emperors/julius", "fav_emperors/augustus",
            "fav_emperors/other", "fav_emperors_other")  # fmt: skip
REIGNS = (
    ("other", "Néron", "augustus other", "0", "1", "1", "Commode"),
    ("augustus", "", "julius", "1", "0", "0", ""),
    ("julius", "", "", "", "", "", ""),
)
SURVEY = [
    ("type", "name", "label::English (en)", "label::Français (fr)"),
    ("select_one emperors or_other", "fav_emperor", "Your favourite?", "Votre préféré ?"),
    ("select_multiple emperors or_other", "fav_emperors", "Your favourites?", "Vos préférés ?"),
]
CHOICES = [
    ("list_name", "name", "label::English (en)", "label::Français (fr)"),
    ("emperors", "julius", "Julius Caesar", "Jules César"),
    ("emperors", "augustus", "Augustus", "Auguste"),
]


def test_names_without_form(tmp_path):
    export = exports.read(kobo(tmp_path / "a.csv", EMPERORS, *REIGNS))
    assert (export.tool, export.delimiter) == ("kobotoolbox", ";")
    assert labels(export) == [
        ("fav_emperor", None, "answer"),
        ("fav_emperor", "Other", "answer"),
        ("fav_emperors", None, "meta"),
        ("fav_emperors", "julius", "answer"),
        ("fav_emperors", "augustus", "answer"),
        ("fav_emperors", "other", "answer"),
        ("fav_emperors", "Other", "answer"),
    ]
    assert [c.meta for c in export.columns if c.header in OWN] == ["id", None, "submitted", None, "serial"]
    assert codes(export) == ["joined-by-spaces"]
    assert export.cells.shape == (3, 12)


def test_names_with_form(tmp_path):
    beside = form(tmp_path / "form.xlsx", SURVEY, CHOICES, [("form_title",), ("Rome",)])
    export = exports.read(kobo(tmp_path / "a.csv", EMPERORS, *REIGNS), structure=beside)
    assert labels(export) == [
        ("Votre préféré ?", None, "answer"),
        ("Votre préféré ?", "Other", "answer"),
        ("Vos préférés ?", None, "meta"),
        ("Vos préférés ?", "Jules César", "answer"),
        ("Vos préférés ?", "Auguste", "answer"),
        ("Vos préférés ?", "Other", "answer"),
        ("Vos préférés ?", "Other", "answer"),
    ]
    assert export.columns[0].labels == {"julius": "Jules César", "augustus": "Auguste", "other": "Other"}
    assert (export.columns[3].code, export.columns[3].part) == ("fav_emperors", "julius")
    assert export.structure is not None
    assert export.structure.title == "Rome"


def test_labels_with_groups_and_another_separator(tmp_path):
    header = ("nom du restaurant", "type de restaurant", "type de restaurant::traditionnel",
              "type de restaurant::avec vente à emporter")  # fmt: skip
    records = [
        ("Taco Truck", "avec vente à emporter traditionnel", "1", "1"),
        ("Harvest", "traditionnel", "1", "0"),
        ("Wololo", "", "0", "0"),
        ("Los pollos", "", "", ""),
    ]
    export = exports.read(kobo(tmp_path / "a.csv", header, *records))
    assert labels(export) == [
        ("nom du restaurant", None, "answer"),
        ("type de restaurant", None, "meta"),
        ("type de restaurant", "traditionnel", "answer"),
        ("type de restaurant", "avec vente à emporter", "answer"),
    ]


def test_separate_columns_only(tmp_path):
    header = ("Votre avis/rôle ?", "Vos outils ?/Git/forge", "Vos outils ?/Papier", "Âge ?")
    export = exports.read(kobo(tmp_path / "a.csv", header, ("oui", "1", "0", "1"), ("", "", "", "0")))
    assert labels(export) == [
        ("Votre avis/rôle ?", None, "answer"),
        ("Vos outils ?", "Git/forge", "answer"),
        ("Vos outils ?", "Papier", "answer"),
        ("Âge ?", None, "answer"),
    ]


def test_with_the_form_a_separator_in_labels_and_another_between_groups(tmp_path):
    survey = [
        ("type", "name", "label"),
        ("begin_group", "profil", "Profil"),
        ("select_multiple on", "q", "Homme/femme ?"),
        ("text", "r", "Suite"),
        ("end_group", "", ""),
        ("text", "s", "Suite"),
    ]
    choices = [("list_name", "name", "label"), ("on", "o", "Oui/ok"), ("on", "n", "Non")]
    header = ("Profil::Homme/femme ?", "Profil::Homme/femme ?::Oui/ok", "Profil::Homme/femme ?::Non", "Profil::Suite",
              "Suite")  # fmt: skip
    beside = form(tmp_path / "form.xlsx", survey, choices)
    export = exports.read(kobo(tmp_path / "a.csv", header, ("Oui/ok", "1", "0", "x", "y")), structure=beside)
    assert [(c.code, c.header, c.sub, c.kind) for c in export.columns[:5]] == [
        ("q", "Homme/femme ?", None, "meta"),
        ("q", "Homme/femme ?", "Oui/ok", "answer"),
        ("q", "Homme/femme ?", "Non", "answer"),
        ("r", "Suite", None, "answer"),
        ("s", "Suite", None, "answer"),
    ]


def test_an_option_column_is_empty_where_its_neighbours_are(tmp_path):
    header = ("Outils ?", "Outils ?/Git", "Outils ?/Papier", "Outils ?/Lequel")
    records = [("Git", "1", "0", "1"), ("", "", "", "0")]
    export = exports.read(kobo(tmp_path / "a.csv", header, *records))
    assert labels(export)[1:3] == [("Outils ?", "Git", "answer"), ("Outils ?", "Papier", "answer")]
    assert labels(export)[3] == ("Outils ?", "Lequel", "answer")
    assert [c.loose for c in export.columns[1:4]] == [False, False, True]


def test_columns_alike_that_are_no_ticks_are_questions_of_a_group(tmp_path):
    header = ("Profil/Votre métier ?", "Profil/Votre âge ?", "Et/ou ?")
    export = exports.read(kobo(tmp_path / "a.csv", header, ("juriste", "34", "ou")))
    assert [(c.header, c.sub, c.loose) for c in export.columns[:3]] == [
        ("Profil", "Votre métier ?", True),
        ("Profil", "Votre âge ?", True),
        ("Et/ou ?", None, False),
    ]
    assert "groups-in-headers" in codes(export)


def test_a_summary_that_does_not_fit_its_columns_is_not_taken_for_one(tmp_path):
    header = ("Avis ?", "Avis ?/suite", "Rue ?")
    export = exports.read(kobo(tmp_path / "a.csv", header, ("bien", "0", "a b"), ("", "1", "c")))
    assert labels(export)[0] == ("Avis ?", None, "answer")


def test_an_option_of_an_earlier_version_keeps_its_column(tmp_path):
    header = (*EMPERORS[:5], "fav_emperors/nero", *EMPERORS[5:])
    beside = form(tmp_path / "form.xlsx", SURVEY, CHOICES)
    export = exports.read(kobo(tmp_path / "a.csv", header, (*REIGNS[0][:5], "1", *REIGNS[0][5:])), structure=beside)
    assert (export.columns[5].header, export.columns[5].sub) == ("Vos préférés ?", "nero")


def test_tags_and_points(tmp_path):
    header = ("lieu", "_lieu_latitude", "_lieu_longitude", "_lieu_altitude", "_lieu_precision")
    path = kobo(tmp_path / "a.csv", header, ("13.42 -25.43", "13.42", "-25.43", "", ""))
    first, *rest = path.read_bytes().decode().split("\r\n")
    tags = ";".join(['"#loc+name"', *['""'] * 9])
    path.write_bytes("\r\n".join([first, tags, *rest]).encode())
    export = exports.read(path)
    assert len(export.cells) == 1
    assert export.rows.tolist() == [3]
    assert [c.kind for c in export.columns[:5]] == ["answer", *["meta"] * 4]
    assert codes(export) == ["tag-rows", "gps-columns"]


def test_a_workbook_with_a_repeat_is_read_by_its_first_sheet(tmp_path):
    book = openpyxl.Workbook()
    for name, rows in {
        "Foyers": [("Adresse ?", *OWN), ("Lyon", *TOLD)],
        "personnes": [("Nom ?", "_parent_table_name", "_parent_index"), ("Zoé", "Foyers", 1)],
    }.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.remove(book.worksheets[0])
    book.save(tmp_path / "a.xlsx")
    export = exports.read(tmp_path / "a.xlsx")
    assert export.tool == "kobotoolbox"
    assert codes(export) == ["several-sheets"]
    assert "left aside: 'personnes'" in export.notes[0].what


def test_rankings_and_single_column_selects_carry_labels_by_name(tmp_path):
    survey = [
        ("type", "name", "label"),
        ("rank garnitures", "ordre", "Classez"),
        ("select_multiple garnitures", "choix", "Choisissez"),
        ("note", "merci", "Merci !"),
    ]
    choices = [("list_name", "name", "label"), ("garnitures", "fro", "Fromage"), ("garnitures", "cep", "Cèpes")]
    beside = form(tmp_path / "form.xlsx", survey, choices)
    known = {"fro": "Fromage", "cep": "Cèpes"}
    by_name = exports.read(
        kobo(tmp_path / "a.csv", ("ordre", "choix", "merci"), ("cep fro", "fro cep", "")), structure=beside
    )
    assert [(c.header, dict(c.labels), c.kind) for c in by_name.columns[:3]] == [
        ("Classez", known, "answer"),
        ("Choisissez", known, "answer"),
        ("Merci !", {}, "meta"),
    ]
    by_label = exports.read(
        kobo(tmp_path / "b.csv", ("Classez", "Choisissez", "Merci !"), ("cep fro", "Fromage Cèpes", "")),
        structure=beside,
    )
    # What is ranked is in names even there; anything else is in labels already.
    assert [dict(c.labels) for c in by_label.columns[:2]] == [known, {}]
    assert "joined-by-spaces" in codes(by_label)


def test_two_of_its_own_columns_are_less_sure_than_three(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('"Âge ?";"_id";"_uuid"\n"3";"1";"x"\n')
    assert exports.read(path).confidence == pytest.approx(0.7)
    assert exports.read(kobo(tmp_path / "b.csv", ("Âge ?",), ("3",))).confidence == pytest.approx(0.95)
    path.write_text('"Âge ?";"_id"\n"3";"1"\n')
    assert exports.read(path).tool == "plain"


# The form itself

FULL = [
    ("type", "name", "label::English", "label::Français (fr)", "required", "relevant", "constraint", "appearance"),
    ("start", "start", "", "", "", "", "", ""),
    ("begin_group", "profil", "Profile", "Profil", "", "", "", ""),
    ("integer", "age", "Age?", "Âge <b>révolu</b> ?", "true()", "", ". > 0", ""),
    ("select_one on", "asso", "Member?", "**Membre** ?", "yes", "", "", ""),
    ("end_group", "", "", "", "", "", "", ""),
    ("select_multiple modes", "modes", "", "Quels modes ?", "", "${asso} = 'oui'",
     "count-selected(.) <= 3 and not(selected(., 'rien') and count-selected(.) > 1)", ""),
    ("text", "suite", "", "Précisez", "no", "selected(${modes}, 'velo') or selected(${modes}, \"pied\")", "", ""),
    ("text", "fin", "", "Un mot ?", "", "${age} > 18 and ${asso} = 'oui'", "", ""),
    ("begin_group", "f2", "", "À quel point ?", "", "${asso} = 'oui'", "", "field-list"),
    ("select_one freq", "f2_tete", "", "", "", "", "", "label"),
    ("select_one freq", "f2_a", "", "Lire", "", "", "", "list-nolabel"),
    ("select_one freq", "f2_b", "", "Écrire", "", "", "", "list-nolabel"),
    ("end_group", "", "", "", "", "", "", ""),
    ("begin_repeat", "gens", "", "Personnes", "", "", "", ""),
    ("text", "nom", "", "Nom ?", "", "", "", ""),
    ("end_repeat", "", "", "", "", "", "", ""),
    ("rank modes", "ordre", "", "Classez", "", "", "", ""),
    ("calculate", "total", "", "", "", "", "", ""),
    ("acknowledge", "lu", "", "J’ai lu", "", "", "", ""),
    ("date", "quand", "", "Quand ?", "", "", "", ""),
]  # fmt: skip
LISTS = [
    ("list_name", "name", "label::English", "label::Français (fr)"),
    ("on", "oui", "Yes", "Oui"),
    ("on", "non", "No", ""),
    ("modes", "velo", "Bike", "Vélo"),
    ("modes", "pied", "Foot", "À pied"),
    ("modes", "rien", "None", "Aucun"),
    ("freq", 1, "Never", "Jamais"),
    ("freq", 2, "Often", "Souvent"),
]


def test_xlsform(tmp_path):
    structure = exports.read_structure(form(tmp_path / "f.xlsx", FULL, LISTS, [("form_title",), ("Enquête",)]))
    asked = structure.by_code
    assert structure.title == "Enquête"
    assert list(asked) == ["age", "asso", "modes", "suite", "fin", "f2", "ordre", "total", "lu", "quand"]
    assert [q.kind for q in structure.questions] == [
        "numeric", "single", "multiple", "open", "open", "grid", "ranking", "note", "single", "date",
    ]  # fmt: skip
    assert (asked["age"].label, asked["age"].required, asked["age"].section) == ("Âge révolu ?", True, "Profil")
    assert asked["asso"].label == "Membre ?"
    assert asked["asso"].options == (Item("oui", "Oui"), Item("non", "No"))
    assert asked["modes"].shown_if == Condition("asso", ("oui",))
    assert (asked["modes"].maximum, asked["modes"].exclusive) == (3, ("rien",))
    assert asked["suite"].shown_if == Condition("modes", ("velo", "pied"))
    assert (asked["fin"].shown_if, asked["fin"].expression) == (None, "${age} > 18 and ${asso} = 'oui'")
    assert asked["f2"].rows == (Item("f2_a", "Lire"), Item("f2_b", "Écrire"))
    assert asked["f2"].options == (Item("1", "Jamais"), Item("2", "Souvent"))
    assert asked["f2"].shown_if == Condition("asso", ("oui",))
    assert [item.label for item in asked["ordre"].rows] == ["Vélo", "À pied", "Aucun"]


def test_routing_of_groups_and_of_several_questions(tmp_path):
    rows = [
        FULL[0],
        ("begin_group", "g", "", "G", "", "${asso} = 'oui'", "", ""),
        ("text", "a", "", "A", "", "", "", ""),
        ("text", "b", "", "B", "", "selected(${modes}, 'velo')", "", ""),
        ("end_group", "", "", "", "", "", "", ""),
        ("text", "c", "", "C", "", "${asso} = 'oui' or ${age} = 3", "", ""),
        ("text", "d", "", "D", "", "(${age} = 3) or (${age} = 4)", "", ""),
    ]
    asked = exports.read_structure(form(tmp_path / "f.xlsx", rows)).by_code
    assert (asked["a"].shown_if, asked["a"].expression) == (Condition("asso", ("oui",)), "")
    assert (asked["b"].shown_if, asked["b"].expression) == (None, "(${asso} = 'oui') and (selected(${modes}, 'velo'))")
    assert (asked["c"].shown_if, asked["c"].expression) == (None, "${asso} = 'oui' or ${age} = 3")
    assert asked["d"].shown_if == Condition("age", ("3", "4"))


def test_a_limit_that_something_may_lift_is_no_limit(tmp_path):
    rows = [FULL[0], ("select_multiple modes", "m", "", "M ?", "", "", "count-selected(.) < 3 or ${age} > 3", "")]
    asked = exports.read_structure(form(tmp_path / "f.xlsx", rows, LISTS)).questions[0]
    assert asked.maximum is None
    rows[1] = ("select_multiple modes", "m", "", "M ?", "", "", "count-selected(.) < 3", "")
    asked = exports.read_structure(form(tmp_path / "g.xlsx", rows, LISTS)).questions[0]
    assert asked.maximum == 2


def test_the_language_of_the_form_comes_before_french(tmp_path):
    settings = [("form_title", "default_language"), ("Enquête", "English")]
    asked = exports.read_structure(form(tmp_path / "f.xlsx", FULL, LISTS, settings)).by_code
    assert asked["age"].label == "Age?"
    assert asked["modes"].label == "Quels modes ?"


def test_faults_of_a_form_are_told(tmp_path):
    with pytest.raises(SyntheseError, match="no column `type` or none called `name`"):
        exports.read_structure(form(tmp_path / "f.xlsx", [("type", "label"), ("text", "a")]))
    rows = [FULL[0], ("end_group", "", "", "", "", "", "", "")]
    with pytest.raises(SyntheseError, match="a group ends here that has not begun") as caught:
        exports.read_structure(form(tmp_path / "g.xlsx", rows))
    assert caught.value.faults[0].row == 2
    (tmp_path / "h.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(SyntheseError, match="this file holds no form"):
        exports.read_structure(tmp_path / "h.xlsx")


def test_written_twice_alike(tmp_path):
    fields = (
        Field("Combien ?", code="B6", answer="numeric"),
        Field("Quoi ?", "many", ("Été", "Ete"), "Autre, précisez", "F1", "multiple"),
        Field("Rangs ?", "grid", ("a", "b"), None, "R", "ranking"),
    )
    meta = {"submitted": "2024-03-12T10:00:00"}
    values = (("3,5", Ticked(("Ete",), "x y"), ("2", "1")), ("", Ticked(), ("", "")))
    answers = Answers("T", fields, tuple(Submission(value, meta) for value in values))
    for name in ("a", "b"):
        exports.write("kobotoolbox", answers, tmp_path / f"{name}.csv", "xml")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert (tmp_path / "a.form.xlsx").read_bytes() == (tmp_path / "b.form.xlsx").read_bytes()
    header, record, empty = (tmp_path / "a.csv").read_bytes().decode().splitlines()
    assert header.startswith('"start";"end";"B6";"F1";"F1/Ete";"F1/Ete_001";"F1/other";"F1_other";"R";"_id"')
    assert ';"3.5";"Ete_001 other";"0";"1";"1";"x y";"b a";' in record
    assert empty.startswith('"2024-03-12T10:00:00.000+00:00";"2024-03-12T10:00:00.000+00:00";"";"";"";"";"";"";"";"2";')
