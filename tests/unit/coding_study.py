"""A small study whose free answers are coded, for the tests that need one."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from synthese.analysis import open_wave
from synthese.cli.commands import cli
from synthese.files import write_text

CODEBOOK = """\
schema: 1
title: "E"
questions:
  - {id: ORG, section: A, text: "Structure", type: open, role: identifier}
  - {id: NOM, section: A, text: "Contact", type: open, role: contact}
  - {id: MEL, section: A, text: "Courriel", type: open, role: contact}
  - {id: S, section: A, text: "Un ?", type: single,
     options: [{code: a, label: Aa}, {code: b, label: Bb}, {code: autre, label: "Autre", other: true}]}
  - {id: M, section: A, text: "Plusieurs ?", type: multiple, lecture: citent,
     options: [{code: a, label: Aa}, {code: b, label: Bb, waves: ["2024"]}, {code: autre, label: "Autre", other: true}]}
  - {id: R, section: A, text: "Si autre ?", type: single, options: [{code: x, label: Xx}, {code: y, label: Yy}],
     routing: {question: S, any_of: [autre], champ: "structures autres"}}
  - {id: F, section: A, text: "Dites", type: open, role: comment}
regroupings:
  - {id: S@deux, label: "S en deux", groups:
      [{code: ab, label: AB, of: [a, b]}, {code: autre, label: Autre, of: [autre]}]}
planned_crosses:
  - {id: c, title: "C", question: M, by: S}
"""
WAVE = """\
schema: 1
id: "{id}"
title: "Vague {id}"
export: export.csv
tool: plain
delimiter: ","
separator: ";"
field: {{start: {id}-01-01, end: {id}-02-01}}
channel: "Courriel"
design: self-selected
synthetic: true
kept: {{duplicates: {{by: [MEL], keep: last}}}}
columns: {{ORG: {{question: ORG}}, NOM: {{question: NOM}}, MEL: {{question: MEL}}, S: {{question: S}},
  M: {{question: M}}, R: {{question: R}}, F: {{question: F}}}}
"""
HEADER = "ORG,NOM,MEL,S,M,R,F"
ROWS = {
    "2022": [
        "Les Lilas,Zoé Roy,zoe@lilas.fr,Aa,Aa;Jardin,,Du temps",
        "Le Pré,Max Ney,max@pre.fr,Friche,Jardin,Xx,",
    ],
    "2024": [
        "Oubli,Ana Vey,ana@oubli.fr,Friche,Jardin,Xx,écrit deux fois",
        "Oubli,Ana Vey,ana@oubli.fr,Friche,Jardin,Xx,Du temps",
        "Le Pré,Max Ney,max@pre.fr,Aa,Aa;Bb,,Voir Max Ney au 06 12 34 56 78",
        "Nord,Lou Bel,lou@nord.fr,friche ,Aa;Vélo et jardin,Yy,Du temps",
        "Sud,Eva Sol,eva@sud.fr,Une usine,Vélo et jardin,,",
        "Est,Kim Fay,kim@est.fr,,,,Rien",
        "Ouest,Guy Mas,guy@ouest.fr,Bb,Chez Max Ney,,zoe@lilas.fr",
    ],
}


def made(folder: Path) -> Path:
    """Make a study of two waves whose free answers can be coded; give its folder."""
    root = folder / "étude"
    write_text(root / "study.yml", 'schema: 1\ntitle: "E"\nsource: "Q"\ncontact: {role: "R"}\n')
    write_text(root / "data" / "raw" / "codebook.yml", CODEBOOK)
    for wave, rows in ROWS.items():
        write_text(root / "data" / "raw" / wave / "wave.yml", WAVE.format(id=wave))
        write_text(root / "data" / "raw" / wave / "export.csv", "\n".join([HEADER, *rows]) + "\n")
    return root


def put(study: Path, wave: str, question: str, *lines: str) -> Path:
    """Write a sheet by hand: text, code, label, second coder."""
    path = study / "data" / "raw" / wave / "coding" / f"{question}.csv"
    write_text(path, "\n".join(["text;code;label;second_coder", *lines]) + "\n")
    return path


def code(study: Path, *words: str) -> str:
    """Run `synthese code`; give what it says."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(cli, ["--study", str(study), "code", *words])
    assert result.exit_code == 0, result.output
    return result.output


def sheet(study: Path, wave: str, question: str) -> list[list[str]]:
    """Cells of a sheet that holds no delimiter, without its header."""
    text = (study / "data" / "raw" / wave / "coding" / f"{question}.csv").read_text(encoding="utf-8-sig")
    return [line.split(";") for line in text.splitlines()[1:]]


def answers(study: Path, wave: str, question: str) -> dict:
    """Clean answers to a question, by column."""
    responses = open_wave(wave, study=study).clean().responses
    held = responses.columns[[c == question or c.startswith(f"{question}.") for c in responses.columns]]
    return {name: responses[name].astype(object).where(responses[name].notna(), None).tolist() for name in held}
