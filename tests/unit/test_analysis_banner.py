"""The overview of all crosses: each line is the test of its cross, read off the file column by column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from synthese import cleaning
from synthese.analysis import banner_codes, coding, open_wave
from synthese.analysis.coding import code
from synthese.codebook import variable
from synthese.errors import SyntheseError
from synthese.files import write_text
from synthese.statistics.multiplicity import benjamini_hochberg

CODEBOOK = """\
schema: 1
title: "E"
scales:
  - code: accord
    label: "Accord"
    options: [{code: non, label: Non}, {code: peu, label: Un peu}, {code: oui, label: Oui},
              {code: nsp, label: Ne sait pas, in_base: false}]
questions:
  - {id: S, section: A, text: "Secteur <b>", type: single, role: breakdown,
     options: [{code: n, label: Nord}, {code: s, label: Sud}, {code: e, label: Est}]}
  - {id: A, section: A, text: "Accord", type: ordinal, scale: accord}
  - {id: M, section: A, text: "Multiple", type: multiple,
     options: [{code: a, label: Ah}, {code: b, label: Bé}, {code: rien, label: Rien, in_base: false}]}
  - {id: R, section: A, text: "Rare", type: single, options: [{code: a, label: A}, {code: b, label: B}]}
  - {id: OUI, section: A, text: "Accepte", type: single, role: consent,
     options: [{code: a, label: A}, {code: b, label: B}]}
  - {id: N, section: A, text: "Nombre", type: numeric}
  - {id: P, section: A, text: "Poids", type: numeric, role: weight}
  - {id: I, section: A, text: "Îlot", type: numeric, role: key}
regroupings:
  - {id: S@deux, label: "Deux",
     groups: [{code: ns, label: Nord et Sud, of: [n, s]}, {code: e, label: Est, of: [e]}]}
planned_crosses:
  - {id: c, title: "C", question: A, by: S}
"""
WAVE = """\
schema: 1
id: "2024"
title: "Vague 2024"
export: export.csv
tool: plain
field: {{start: 2024-01-01, end: 2024-02-01}}
channel: "Courriel"
synthetic: true
{design}
"""
DESIGNS = {
    "plain": "design: self-selected",
    "weighted": "design: probability\nweight: P",
    "clustered": "design: probability\nweight: P\nclusters: I",
}
N = 90


def responses() -> pd.DataFrame:
    draw = np.random.default_rng(5)

    def texts(codes: list[str], shares: list[float]) -> pd.Series:
        return pd.Series(draw.choice(codes, N, p=shares), dtype="str")

    frame = pd.DataFrame({"respondent": pd.Series([f"r{k:04}" for k in range(N)], dtype="str")})
    frame["S"] = texts(["n", "s", "e", "_no_answer"], [0.4, 0.3, 0.2, 0.1])
    frame["A"] = texts(["non", "peu", "oui", "nsp", "_not_asked"], [0.3, 0.2, 0.3, 0.1, 0.1])
    frame["M"] = texts(["answered", "_no_answer"], [0.85, 0.15])
    given = frame["M"] == "answered"
    for option, share in (("a", 0.5), ("b", 0.2), ("rien", 0.2)):
        frame[f"M.{option}"] = pd.array(draw.random(N) < share, dtype="boolean")
        frame.loc[~given, f"M.{option}"] = pd.NA
    frame["R"] = texts(["a", "b"], [0.97, 0.03])
    frame["OUI"] = "a"
    for name, values in (("N", np.arange(N)), ("P", np.exp(draw.normal(0, 0.5, N))), ("I", np.arange(N) // 6)):
        frame[name] = pd.array(values.astype(float), dtype="Float64")
        frame[f"{name}._reason"] = "answered"
    return frame


def wave(root: Path, design: str):
    write_text(root / "study.yml", 'schema: 1\ntitle: "E"\nsource: "Q"\ncontact: {role: "R"}\n')
    write_text(root / "data" / "raw" / "codebook.yml", CODEBOOK)
    write_text(root / "data" / "raw" / "2024" / "wave.yml", WAVE.format(design=DESIGNS[design]))
    file = root / "data" / "processed" / "2024" / "responses.parquet"
    file.parent.mkdir(parents=True)
    table = pa.Table.from_pandas(responses(), preserve_index=False).replace_schema_metadata(None)
    fields = [pa.field(f.name, pa.string() if pa.types.is_large_string(f.type) else f.type) for f in table.schema]
    pq.write_table(table.cast(pa.schema(fields)), file, row_group_size=40)
    return open_wave(study=root)


@pytest.fixture(scope="module", params=DESIGNS)
def opened(request, tmp_path_factory):
    return wave(tmp_path_factory.mktemp("aperçu") / "étude", request.param)


def test_each_line_is_the_test_of_its_cross(opened):
    overview = opened.banner()
    names = ["question", "option", "by", "group"]
    pairs = {tuple(pair) for pair in overview.frame[names].astype(object).where(lambda f: f.notna(), None).to_numpy()}
    questions = [("A", None), ("M", "a"), ("M", "b"), ("R", None)]
    assert pairs == {(q, o, by, None) for q, o in questions for by in ("S", "S@deux")}
    for line in overview.frame.itertuples():
        tests = opened.cross(line.question, line.by).tests
        here = tests.loc[tests["reference_group"].isna() & ~tests["method"].isin(["bonferroni"])]
        here = here.loc[here["option"].isna() if pd.isna(line.option) else here["option"].eq(line.option)]
        same = here.loc[here["method"].eq(line.method)]
        assert len(same) == 1, (line, here)
        for name in ("base", "statistic", "df", "p_value", "p_se", "effect_size"):
            expected, found = same[name].iloc[0], getattr(line, name)
            assert (pd.isna(expected) and pd.isna(found)) or found == pytest.approx(expected, rel=1e-10), name
        assert same["effect"].iloc[0] == line.effect


def test_p_values_are_adjusted_together_and_planned_crosses_marked(opened):
    frame = opened.banner().frame
    assert frame["p_adjusted"].tolist() == pytest.approx(benjamini_hochberg(frame["p_value"].tolist()))
    assert (frame["p_adjusted"] >= frame["p_value"]).all()
    assert set(zip(*(frame.loc[frame["planned"], n] for n in ("question", "by")), strict=True)) == {("A", "S")}


def test_a_multiple_response_may_be_the_breakdown(opened):
    frame = opened.banner(by="M", questions=["A", "M"]).frame
    assert frame[["question", "by", "group"]].to_numpy().tolist() == [["A", "M", "a"], ["A", "M", "b"]]


def test_it_shows_itself_as_unpublished_the_smallest_p_first(opened):
    overview = opened.banner()
    shown = overview._repr_html_()
    assert "<strong>non publié</strong> · vague 2024 · données synthétiques · Aperçu des croisements" in shown
    assert "8 croisements, p ajustées ensemble (Benjamini-Hochberg)" in shown
    assert "Secteur <b>" not in shown
    assert "Secteur &lt;b&gt;" in shown
    assert "M Multiple : Ah" in overview.table["Question"].tolist()
    best = overview.frame.sort_values("p_value").iloc[0]
    assert overview.table["Base"].iloc[0] == best["base"]


def test_the_frame_of_answers_is_not_read_where_there_is_no_design(tmp_path):
    plain = wave(tmp_path / "étude", "plain")
    plain.banner()
    assert "responses" not in plain.__dict__


@pytest.mark.parametrize("rows", [7, 2**16])
def test_codes_are_those_of_the_whole_frame(tmp_path, monkeypatch, rows):
    monkeypatch.setattr(banner_codes, "_ROWS", rows)
    plain = wave(tmp_path / "étude", "plain")
    chosen = [variable(plain.codebook, name, "2024") for name in ("S", "S@deux", "A", "M", "R")]
    file = plain.study.processed("2024") / "responses.parquet"
    codes = banner_codes.read_codes(file, chosen)
    assert codes.values.dtype == np.int8
    assert [(line.variable.id, line.option, line.width) for line in codes.lines] == [
        ("S", None, 3), ("S@deux", None, 2), ("A", None, 3), ("M", "a", 2), ("M", "b", 2), ("R", None, 2),
    ]  # fmt: skip
    frame = cleaning.read_responses(file)
    for line, values in zip(codes.lines, codes.values, strict=True):
        coded = code(frame, line.variable)
        if line.option is None:
            expected = coded.codes(coded.in_base)
        else:
            place = [option.code for option in coded.options].index(line.option)
            expected = np.where(coded.in_base, 1 - coded.chosen[:, place], -1)
        assert values.tolist() == expected.tolist(), line.variable.id


@pytest.mark.parametrize("name", ["S", "S@deux", "A", "R"])
def test_many_answers_are_coded_by_their_distinct_texts_to_the_same(tmp_path, monkeypatch, name):
    plain = wave(tmp_path / "étude", "plain")
    one = variable(plain.codebook, name, "2024")
    each = code(plain.responses, one)
    monkeypatch.setattr(coding, "_MANY", 20)
    distinct = code(plain.responses, one)
    for part in ("chosen", "asked", "answered", "in_base", "kept"):
        assert np.array_equal(getattr(distinct, part), getattr(each, part)), part
    assert distinct.reasons == each.reasons
    assert list(distinct.missing) == list(each.missing)
    assert distinct.options == each.options


def test_what_is_refused_in_words(tmp_path):
    plain = wave(tmp_path / "étude", "plain")
    with pytest.raises(SyntheseError, match="N is numeric: it has no options to cross → name single, ordinal or mult"):
        plain.banner(by="N")
    with pytest.raises(SyntheseError, match="no question 'Z' in the codebook"):
        plain.banner(questions=["Z"])
    file = plain.study.processed("2024") / "responses.parquet"
    file.write_bytes(b"PAR1 not really")
    with pytest.raises(SyntheseError, match="this file is damaged → run the wave again with --force"):
        plain.banner()
    file.unlink()
    with pytest.raises(SyntheseError, match="these results are missing → run the wave"):
        plain.banner()
