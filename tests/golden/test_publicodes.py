"""A real survey that nobody here made, drafted and corrected: its numbers against those computed from the file.

Eighteen French answers exported by Tally, every multiple response written twice.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from synthese.estimates import select
from synthese.study import open_study

pytestmark = pytest.mark.timeout(900)  # two runs of a study, on a machine that may do other things

SET = "publicodes-2024-fr"
SHARES = {
    "utilisé en production = Oui": ("Q1", "oui"),
    "remplace connu (>80 % publié)": ("Q9@connu", "connu"),
}
COUNTS = {
    "chantier: nouvelles fonctionnalités au langage (count)": "ajouter_de_nouvelles",
    "chantier: Améliorer les performances (count)": "ameliorer_les_performances",
    "chantier: Outiller l'édition (count)": "outiller_l_edition_des_modeles",
    "chantier: Faire des tutos (count)": "faire_des_tutos_ameliorer_la",
    "chantier: Faciliter la publication (count)": "faciliter_la_publication_et_la",
}


@pytest.fixture(scope="module")
def run(new_study: Any, real_surveys: Path) -> Any:
    study = new_study("publicodes")
    study.init(real_surveys / SET / "data.csv")
    study.run("--to", "html")
    (study.root / "drafted.html").write_text(study.page("2024"), encoding="utf-8")
    study.correct("publicodes")
    study.run()
    return study


@pytest.fixture(scope="module")
def released(run: Any) -> pd.DataFrame:
    return run.estimates("2024", private=False)


def one(frame: pd.DataFrame, question: str, option: str | None, statistic: str) -> pd.Series:
    rows = select(frame, question=question, option=option, statistic=statistic, by=None, universe=None)
    assert len(rows) == 1
    return rows.iloc[0]


def test_every_expected_figure_is_compared(figures: Any) -> None:
    assert set(figures[SET]) == {*SHARES, *COUNTS, "NPS", "autre éditeur que VSCode"}


@pytest.mark.parametrize("name", SHARES)
def test_shares_with_their_base(run: Any, figures: Any, name: str) -> None:
    assert run.share("2024", *SHARES[name]) == figures[SET][name]


@pytest.mark.parametrize("name", COUNTS)
def test_counts_with_their_base(released: pd.DataFrame, figures: Any, name: str) -> None:
    row = one(released, "Q16", COUNTS[name], "share")
    assert (row["count"], row["base"]) == figures[SET][name]


def test_nps(run: Any, figures: Any) -> None:
    row = one(run.estimates("2024"), "Q18", None, "nps")
    assert (round(float(row["value"]), 2), int(row["base"])) == figures[SET]["NPS"]


def test_base_is_those_who_answered(released: pd.DataFrame, figures: Any) -> None:
    value, base = figures[SET]["autre éditeur que VSCode"]
    row = one(released, "Q6", "vscode", "share")
    assert row["base"] == base
    assert round(100 * (base - row["count"]) / base, 2) == value


def test_report_prints_counts_not_percentages_on_eighteen_answers(run: Any) -> None:
    page = run.page("2024")
    assert "16 sur 18" in page or "16 des 18" in page
    assert "89 %" not in page
    assert (run.root / "report" / "_output" / "2024" / "synthese.pdf").read_bytes().startswith(b"%PDF")


def test_the_draft_runs_before_any_correction(run: Any) -> None:
    page = (run.root / "drafted.html").read_text(encoding="utf-8")
    assert "Avez-vous déjà utilisé Publicodes en production" in page
    assert "Quel éditeur utilisez-vous pour écrire du Publicodes" in page


def test_the_draft_knows_types_options_and_score(run: Any) -> None:
    book = open_study(run.root).codebook.by_id
    assert [book[q].type for q in ("Q1", "Q6", "Q8", "Q16")] == ["single", "multiple", "grid", "multiple"]
    assert [option.label for option in book["Q16"].options][4] == (
        "Outiller l'édition des modèles (vérification statique des types, extension VScode, détection d'erreur, "
        "auto-formatage)"
    )
    assert (book["Q18"].nps, book["Q18"].minimum_value, book["Q18"].maximum_value) == (True, 0, 10)
    assert [option.label for option in book["Q6"].options if option.other] == ["Autre"]
