"""One typography: the filter of the engines and `french` mend the same texts alike, and only what is to be mended."""

from __future__ import annotations

import json
import random
import re
import subprocess
import time
from pathlib import Path
from typing import Any

import pypandoc
import pytest

from synthese.formatting import french

ROOT = Path(__file__).resolve().parents[2]
FILTER = ROOT / "report" / "filters" / "typographie.lua"

# ~ stands for U+00A0, ^ for U+202F.
CASES = [
    ("Pourquoi ?", "Pourquoi^?"),
    ("Pourquoi?!", "Pourquoi^?!"),
    ("oui ; non: peut-être", "oui^; non~: peut-être"),
    ("(Note :) a", "(Note :) a"),
    ("85% ou 85 %, 3 €, 4€, 5 ‰", "85~% ou 85~%, 3~€, 4~€, 5~‰"),
    ("«mot» et « mot »", "«~mot~» et «~mot~»"),
    ("« Quoi ? »", "«~Quoi^?~»"),
    ("l'échange d'idées, aujourd'hui, l'« appui »", "l’échange d’idées, aujourd’hui, l’«~appui~»"),
    ('un "mot" et “autre”', "un «~mot~» et «~autre~»"),
    ("« il a dit “non” hier »", "«~il a dit “non” hier~»"),
    ("« il a dit «~non~» hier »", "«~il a dit «~non~» hier~»"),
    ("12 345 678 habitants, 1 234 réponses", "12^345^678 habitants, 1^234 réponses"),
    ("en 2024 118 fois, 01 234 567", "en 2024 118 fois, 01 234 567"),
    ("12 km, 3 h, 0,5 ETP, 20 kWh, 4 m², 3 points", "12~km, 3~h, 0,5~ETP, 20~kWh, 4~m², 3~points"),
    ("12 l’an, 5 t-shirts, 3 habitants", "12 l’an, 5 t-shirts, 3 habitants"),
    ("n° 3, p. 12, art. 4, § 2", "n°~3, p.~12, art.~4, §~2"),
    ("46 sur 54 structures (n = 54)", "46~sur~54 structures (n~=~54)"),
    ("p < 0,001 et n ≥ 30", "p~<~0,001 et n~≥~30"),
    ("à 10h30, 10 h 30, 18h et 9:30", "à 10~h~30, 10~h~30, 18~h et 9:30"),
    ("l’incise - comme ici - reste", "l’incise –~comme ici~– reste"),
    ("l’incise -- comme ici --, reste", "l’incise –~comme ici~–, reste"),
    ("un – deux – trois. Un – deux.", "un –~deux~– trois. Un –~deux."),
    ("de 65-79 % à 1-2, 2024-2026", "de 65–79~% à 1–2, 2024–2026"),
    ("le 2024-03-12, B1-2, 5-3, 01-02, peut-être", "le 2024-03-12, B1-2, 5-3, 01-02, peut-être"),
    ("de -3 à -1,5 (-2)", "de −3 à −1,5 (−2)"),
    ("etc... oui.... non", "etc… oui.... non"),
    ("la 1ère, le 2ème, les 3èmes, XXème siècle", "la 1re, le 2e, les 3es, XXe~siècle"),
    ("le 1er mai, la 1re, le 2e, le XXIe siècle", "le 1er mai, la 1re, le 2e, le XXIe~siècle"),
    ("M. Dupont, Mme Martin, Dr Roy, Louis XIV", "M.~Dupont, Mme~Martin, Dr~Roy, Louis~XIV"),
    ("répondant⋅es, acteur•rices, élu·es", "répondant·es, acteur·rices, élu·es"),
    ("ÉTAT, À propos, SCIC, PTCE, CO2", "ÉTAT, À propos, SCIC, PTCE, CO2"),
    ("voir https://a.fr/b?c=d;e-1-2 et x.y@a-b.fr ; doi:10.1000/182-3", "voir https://a.fr/b?c=d;e-1-2 et x.y@a-b.fr^; "
     "doi:10.1000/182-3"),
    ("5'30 et \" seul", "5'30 et \" seul"),
]  # fmt: skip


def shown(text: str) -> str:
    return text.replace("\u00a0", "~").replace("\u202f", "^")


def meant(text: str) -> str:
    return text.replace("~", "\u00a0").replace("^", "\u202f")


def inlines(text: str) -> list[dict[str, Any]]:
    """Words and spaces, as pandoc has them; nothing read as markup."""
    out: list[dict[str, Any]] = []
    for part in re.split("( )", text):
        if part:
            out.append({"t": "Space"} if part == " " else {"t": "Str", "c": part})
    return out


def filtered(tree: dict[str, Any], to: str = "json") -> str:
    command = [pypandoc.get_pandoc_path(), "--from=json", f"--to={to}", "--wrap=none", f"--lua-filter={FILTER}"]
    done = subprocess.run(command, input=json.dumps(tree).encode(), capture_output=True, check=True)
    return done.stdout.decode()


def document(texts: list[str]) -> dict[str, Any]:
    blocks = [{"t": "Para", "c": inlines(text)} for text in texts]
    return {"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": blocks}


def text_of(node: Any) -> str:
    if isinstance(node, list):
        return "".join(text_of(item) for item in node)
    if node["t"] == "Str":
        return str(node["c"])
    if node["t"] == "Space":
        return " "
    return text_of(node["c"] if node["t"] == "Superscript" else node["c"][-1])


def through_filter(texts: list[str]) -> list[str]:
    return [text_of(block["c"]) for block in json.loads(filtered(document(texts)))["blocks"]]


def read(source: str, to: str = "html") -> str:
    return pypandoc.convert_text(
        source, to, format="markdown", extra_args=["--wrap=none", f"--lua-filter={FILTER}"]
    ).strip()


@pytest.mark.parametrize(("typed", "printed"), CASES)
def test_python_mends(typed: str, printed: str) -> None:
    assert shown(french(meant(typed), glued=True)) == shown(meant(printed))
    assert french(meant(printed), glued=True) == meant(printed)


def test_the_filter_mends_the_same() -> None:
    typed = [meant(case) for case, _ in CASES]
    assert [shown(text) for text in through_filter(typed)] == [printed for _, printed in CASES]


PIECES = [
    *"abéLMxhXVIe12305;:!?%€«»“”\"'’·⋅.,-–—()=<§°",
    *([" "] * 14),
    "\u00a0", "\u202f", "sur", "km", "n°", "siècle", "...", "--", "1 234", "10 h 30", "2ème", "M.", "Mme", "ETP",
    "n = ", "65-79", " - ", " – ", "« ", " »", " https://a.b/c;d ", " x@y.fr ", "élu·es",
]  # fmt: skip


def random_texts(count: int, seed: int) -> list[str]:
    chance = random.Random(seed)
    made = ("".join(chance.choices(PIECES, k=chance.randint(1, 18))) for _ in range(count))
    return [text for text in (re.sub(" +", " ", one).strip(" ") for one in made) if text]


def test_both_agree_on_any_text_and_leave_their_own_result() -> None:
    texts = random_texts(3000, 11)
    here, there = [french(text, glued=True) for text in texts], through_filter(texts)
    unlike = [(t, shown(a), shown(b)) for t, a, b in zip(texts, here, there, strict=True) if a != b]
    assert unlike[:5] == []
    again = through_filter(there)
    assert [(t, shown(a), shown(b)) for t, a, b in zip(texts, there, again, strict=True) if a != b] == []


def test_the_filter_changes_no_letter_and_no_digit() -> None:
    ordinal = re.compile(r"[0-9IVX](?:è|é|e[rm]|ie|iè)")

    def core(text: str) -> str:
        return re.sub(r"[^\w]", "", text)

    texts = [text for text in random_texts(1500, 12) if not ordinal.search(text)]
    assert [core(text) for text in through_filter(texts)] == [core(text) for text in texts]


def test_other_languages_code_and_addresses_are_left_alone() -> None:
    page = read(
        '[The "title": a - b?]{lang=en} ; `a ; b?` $x:y$ <https://a.fr/b;c?> [x](https://a.fr/b;c "d")\n\n'
        '::: {lang=en}\nWhy? "So - so": 85%.\n:::\n\n## *Title*: "x" {lang=en}\n'
    )
    assert "The “title”: a - b?</span>\u202f;" in page
    assert "<code>a ; b?</code>" in page
    assert '<a href="https://a.fr/b;c?" class="uri">https://a.fr/b;c?</a>' in page
    assert "Why? “So - so”: 85%." in page
    assert "<em>Title</em>: “x”" in page


def test_a_document_in_another_language_is_left_alone() -> None:
    assert read('---\nlang: en\n---\nWhy? "So": 85%\n') == "<p>Why? “So”: 85%</p>"


def test_formatting_is_kept_and_looked_through() -> None:
    page = read('**Gras** : *fin* ! Une "*citation*" de **85** % et n = **5**[^a].\n\n[^a]: Note: 12 km?\n')
    assert shown(page).startswith(
        "<p><strong>Gras</strong>~: <em>fin</em>^! Une «~<em>citation</em>~» de <strong>85</strong>~% "
        "et n~=~<strong>5</strong>"
    )
    assert "Note~: 12~km^?" in shown(page)


def test_ordinals_are_raised_in_every_output() -> None:
    source = "Le 1er, la 1ère, le 2ème, le XXIe siècle, la 2nde, 1e6 et 12es\n"
    page = read(source)
    for form in ("1<sup>er</sup>", "1<sup>re</sup>", "2<sup>e</sup>", "XXI<sup>e</sup>\u00a0siècle", "2<sup>nde</sup>"):
        assert form in page
    assert "1e6" in page
    assert "1#super[er]" in read(source, "typst")


def test_inclusive_forms_stay_on_one_line() -> None:
    source = "Les répondant⋅es et les acteur·rices ; l’élu·e.\n"
    page = read(source)
    assert page.count('<span class="inclusif">') == 3
    assert '<span class="inclusif">répondant·es</span>' in page
    typst = read(source, "typst-smart")
    assert "#box[répondant·es];" in typst
    assert "#box[l’élu·e];." in typst


def test_titles_and_alternative_texts_are_mended_without_markup() -> None:
    source = '---\ntitle: "Le 1er : \\"mot\\" d\'élu⋅es"\n---\n![x](a.png){fig-alt="Barres : 85 % d\'élu⋅es"}\n'
    page = pypandoc.convert_text(source, "html", "markdown", extra_args=["--standalone", f"--lua-filter={FILTER}"])
    assert "<title>Le 1er\u00a0: «\u00a0mot\u00a0» d’élu·es</title>" in page
    assert "Barres\u00a0: 85\u00a0% d’élu·es" in page


def test_the_report_is_mended_in_no_time() -> None:
    text = (ROOT / "report" / "synthese.qmd").read_text(encoding="utf-8")
    tree = json.loads(pypandoc.convert_text(text * 2, "json", format="markdown"))
    bare = [pypandoc.get_pandoc_path(), "--from=json", "--to=html"]
    given = json.dumps(tree).encode()

    def seconds(command: list[str]) -> float:
        times = []
        for _ in range(5):
            start = time.perf_counter()
            subprocess.run(command, input=given, capture_output=True, check=True)
            times.append(time.perf_counter() - start)
        return min(times)

    assert seconds([*bare, f"--lua-filter={FILTER}"]) - seconds(bare) < 0.3  # 0.06 s where nothing else runs
