"""How the pages of the PDF are filled, read from where their marks stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest

from synthese import rendering
from synthese.study import Study, open_study

WAVES = ("2024", "2026")
CENTIMETRE = 72 / 2.54
FOOT, HEAD = 2 * CENTIMETRE, 2.2 * CENTIMETRE  # margins
FILLED = {"f", "F", "f*", "B", "B*"}


@dataclass(frozen=True)
class Mark:
    """Something drawn on a page, in points from its lower left corner; ``running`` in a head or a foot."""

    kind: str
    left: float
    low: float
    right: float
    high: float
    running: bool
    turned: bool = False
    text: str = ""


def glyphs(font: pikepdf.Dictionary) -> dict[int, str]:
    """Read a font's ToUnicode map."""
    table: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", font.ToUnicode.read_bytes(), re.DOTALL):
        for code, text in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            table[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    return table


def text_of(operands: list[pikepdf.Object], table: dict[int, str]) -> str:
    """Read what a Tj or a TJ draws."""
    parts = operands[0] if isinstance(operands[0], pikepdf.Array) else operands
    codes = [bytes(part) for part in parts if isinstance(part, pikepdf.String)]
    return "".join(
        table.get(int.from_bytes(data[i : i + 2], "big"), "") for data in codes for i in range(0, len(data), 2)
    )


def marks(
    page: pikepdf.Page | pikepdf.Object, matrix: pikepdf.Matrix | None = None, *, within: bool = False
) -> Iterator[Mark]:
    """Read a page, and the drawings that it holds, mark by mark."""
    matrix = matrix or pikepdf.Matrix()
    resources = page.get("/Resources", pikepdf.Dictionary())
    fonts = {name: glyphs(font) for name, font in resources.get("/Font", {}).items()}
    kept: list[pikepdf.Matrix] = []
    running: list[bool] = [within]
    path: list[tuple[float, float]] = []
    line, size, table = pikepdf.Matrix(), 0.0, {}

    def mark(kind: str, points: list[tuple[float, float]], *, turned: bool = False, text: str = "") -> Mark:
        xs, ys = zip(*points, strict=True)
        return Mark(kind, min(xs), min(ys), max(xs), max(ys), running[-1], turned, text)

    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in ("BDC", "BMC"):
            own = operands[1] if len(operands) > 1 and isinstance(operands[1], pikepdf.Dictionary) else {}
            running.append(running[-1] or own.get("/Type") == "/Pagination")
        elif name == "EMC":
            running.pop()
        elif name == "q":
            kept.append(matrix)
        elif name == "Q":
            matrix = kept.pop()
        elif name == "cm":
            matrix = pikepdf.Matrix(*(float(value) for value in operands)) @ matrix
        elif name in ("m", "l", "c"):
            path.append(matrix.transform((float(operands[-2]), float(operands[-1]))))
        elif name == "re":
            x, y, wide, high = (float(value) for value in operands)
            path += [matrix.transform((x, y)), matrix.transform((x + wide, y + high))]
        elif name in FILLED | {"S", "s"}:
            if path:
                yield mark("fill" if name in FILLED else "line", path)
            path = []
        elif name == "n":
            path = []
        elif name == "Tf":
            table, size = fonts[str(operands[0])], float(operands[1])
        elif name == "Tm":
            line = pikepdf.Matrix(*(float(value) for value in operands))
        elif name in ("Tj", "TJ"):
            whole = line @ matrix
            x, y = whole.transform((0.0, 0.0))
            turned = abs(whole.b) > 0.01
            yield mark("text", [(x, y), (x, y + 0.7 * size)], turned=turned, text=text_of(operands, table))
        elif name == "Do":
            inner = resources.XObject[str(operands[0])]
            if inner.get("/Subtype") == "/Form":
                own = pikepdf.Matrix(*(float(value) for value in inner.get("/Matrix", [1, 0, 0, 1, 0, 0])))
                yield from marks(inner, own @ matrix, within=running[-1])


def documents(folder: Path, wave: str, name: str) -> pikepdf.Pdf:
    return pikepdf.open(folder / "report" / "_output" / wave / f"{name}.pdf")


def standing(page: pikepdf.Page) -> list[Mark]:
    """Give what stands on a page between its head and its foot, from the top."""
    found = [mark for mark in marks(page) if not mark.running and mark.low > FOOT - 15]
    return sorted(found, key=lambda mark: -mark.high)


@pytest.mark.parametrize("wave", WAVES)
def test_report_has_at_most_eight_pages(built_study: Path, wave: str) -> None:
    with documents(built_study, wave, "synthese") as pdf:
        assert 5 <= len(pdf.pages) <= 8


@pytest.mark.parametrize("wave", WAVES)
def test_pages_are_filled_to_their_foot_with_no_hole(built_study: Path, wave: str) -> None:
    with documents(built_study, wave, "synthese") as pdf:
        pages = list(pdf.pages)
        for number, page in enumerate(pages, 1):
            found = standing(page)
            room = float(page.mediabox[3]) - HEAD - FOOT
            empty = (min(mark.low for mark in found) - FOOT) / room
            assert number == len(pages) or empty < 0.25, f"page {number}: {empty:.0%} empty"
            low, widest = found[0].low, 0.0
            for mark in found:
                widest, low = max(widest, low - mark.high), min(low, mark.low)
            assert widest < 3.5 * CENTIMETRE, f"page {number}: {widest / CENTIMETRE:.1f} cm"


@pytest.mark.parametrize("wave", WAVES)
def test_no_heading_stands_at_the_foot(built_study: Path, wave: str) -> None:
    with documents(built_study, wave, "synthese") as pdf, pdf.open_outline() as outline:
        titles = {item.title.replace(" ", "")[:14] for item in outline.root}
        seen = 0
        for page in pdf.pages:
            lines: dict[float, str] = {}
            for mark in standing(page):
                if mark.kind == "text":
                    key = round(mark.low)
                    lines[key] = lines.get(key, "") + mark.text
            for line in lines.items():
                if re.sub(r"\s", "", line[1])[:14] in titles:
                    seen += 1
                    assert line[0] > FOOT + 30, line
        assert seen > len(titles)  # the contents name them too


def band(page: pikepdf.Page) -> list[Mark]:
    """Give the fills that run over the whole width of a page, at its top."""
    _, _, wide, high = (float(value) for value in page.mediabox)
    fills = (mark for mark in marks(page) if mark.kind == "fill")
    return [mark for mark in fills if mark.left < 1 and mark.right > wide - 1 and mark.high > high - 1]


@pytest.mark.parametrize("wave", WAVES)
def test_report_has_a_cover_band_and_its_annex_a_title_over_a_rule(built_study: Path, wave: str) -> None:
    with documents(built_study, wave, "synthese") as pdf:
        assert [len(band(page)) for page in pdf.pages] == [1] + [0] * (len(pdf.pages) - 1)
        (cover,) = band(pdf.pages[0])
        assert 4 < (cover.high - cover.low) / CENTIMETRE < 11
    with documents(built_study, wave, "annexe-tableaux") as pdf:
        assert not any(band(page) for page in pdf.pages)


def test_only_a_draft_has_a_watermark(make_study: Callable[..., Study]) -> None:
    turned = {}
    for status in ("brouillon", "publie"):
        study = make_study(name=status)
        settings = study.root / "data" / "raw" / "2026" / "wave.yml"
        settings.write_text(settings.read_text(encoding="utf-8") + f"status: {status}\n", encoding="utf-8")
        made = rendering.render(open_study(study.root), "2026", engine="pandoc", formats=("pdf",))
        with pikepdf.open(made.files["pdf"]) as pdf:
            turned[status] = ["".join(mark.text for mark in marks(page) if mark.turned) for page in pdf.pages]
    assert set(turned["brouillon"]) == {"BROUILLON"}
    assert set(turned["publie"]) == {""}


@pytest.mark.parametrize("twin", [False, True])
def test_a_table_over_several_pages_repeats_its_head(make_study: Callable[..., Study], twin: bool) -> None:
    rows = "\n".join(f"| ligne {number} | {number} |" for number in range(1, 101))
    table = f"| Réponse | Effectif |\n|:--|--:|\n{rows}\n"
    if twin:
        one = f"::: {{}}\n{table}\n:::\n"
        table = f":::: {{.cote-a-cote .sur-place .secable}}\n{one}\n{one}\n::::\n"
    study = make_study(report=f"---\ndocument-annexe: true\n---\n\n## Tableaux\n\n{table}")
    made = rendering.render(study, "2026", engine="pandoc", formats=("pdf",))
    with pikepdf.open(made.files["pdf"]) as pdf:
        texts = ["".join(mark.text for mark in marks(page)) for page in pdf.pages]
        heads = [text.count("Effectif") for text in texts if "ligne" in text]
    assert len(heads) >= 2
    assert set(heads) == {2 if twin else 1}
