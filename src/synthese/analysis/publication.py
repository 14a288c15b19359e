"""Release, then publication: the only place where a wave's numbers become figures, tables and sentences.

Belongs here: the verbs of notebook 05 and the one call to the gate. Does not: the gate's rules
(`synthese.disclosure`), drawing or wording (`synthese.editorial`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from synthese import cleaning, editorial
from synthese.analysis.designing import weighting_of
from synthese.analysis.keeping import PARTS, Keeper
from synthese.analysis.pieces import Pieces
from synthese.analysis.releasing import released_with_earlier
from synthese.artefacts import Store
from synthese.disclosure import Released
from synthese.editorial import Brand, Piece, Ref, findings, imprint, method, read_brand, robust, sentences, waves
from synthese.editorial.absent import absent, asked
from synthese.editorial.annex import annex
from synthese.editorial.provenance import sourced
from synthese.errors import SyntheseError
from synthese.estimates import write_parquet, write_robustness

NOTEBOOK = "notebooks/05-publication.ipynb"
PHRASES = "report/phrases.yml"

_METHOD: dict[str, Callable[[Released, str, cleaning.Counts], Piece]] = {
    "opening": method.opening,
    "collection": method.collection,
    "kept": imprint.kept,
    "publisher": lambda released, id, _counts: imprint.publisher(released, id),
    "terms": lambda released, id, _counts: imprint.terms(released, id),
    "answers": method.answers,
    "confidentiality": lambda released, id, _counts: method.confidentiality(released, id),
    "words": lambda released, id, _counts: method.words(released, id),
    "comparisons": lambda released, id, _counts: waves.comparisons(released, id),
}


@dataclass(frozen=True)
class Publication:
    """What a wave may publish, and the verbs that make it into pieces of the report.

    Parameters
    ----------
    keeper : Keeper
        Where results go.
    released : Released
        What came through the gate.
    store : Store
        Where pieces are staged until `close`.
    """

    keeper: Keeper
    released: Released
    store: Store
    _brand: Brand = field(repr=False)
    _closed: list[str] = field(default_factory=list, repr=False)

    @property
    def previous(self) -> str | None:
        """Id of the wave before this one, if it was released beside it."""
        earlier = self.released.waves[:-1]
        return earlier[-1] if earlier else None

    @property
    def decisions(self) -> pd.DataFrame:
        """What the gate decided, by number of estimates."""
        frame = self.released.estimates
        counted = frame.groupby(["status", "reason"], dropna=False).size()
        return counted.rename("estimations").reset_index().fillna("")

    @property
    def ladder(self) -> pd.DataFrame:
        """Which step of each planned cross is published, or why none is."""
        rows = [
            {
                "croisement": d.title,
                "publié": f"{d.step.question} × {d.step.by}" if d.step else "non diffusé",
                "raison": d.reason or "",
            }
            for d in self.released.ladder
        ]
        return pd.DataFrame(rows, columns=["croisement", "publié", "raison"])

    def sentences(self, file: str = PHRASES) -> Pieces:
        """Write every sentence of a file, each with the numbers and the wording that this wave allows."""
        return Pieces(sentences.write_sentences(self.released, self.keeper.study.root / file))

    def value(
        self,
        id: str,
        question: str,
        option: str | None = None,
        *,
        form: str = "share",
        statistic: str = "share",
        universe: str | None = None,
    ) -> Piece:
        """Write one number, such as « 85 % (46 sur 54) », to be placed in the report's own text."""
        ref = Ref(question, option, statistic=statistic, universe=universe)
        return editorial.write_value(self.released, id, ref, form)

    def figure(
        self,
        id: str,
        question: str | Sequence[str],
        *,
        by: str | None = None,
        universe: str | None = None,
        title: str | None = None,
        subtitle: str | None = None,
        finding: str | None = None,
        chart: str | None = None,
    ) -> Piece:
        """Draw a question (of a universe's respondents only), rows of a grid, or a cross; a line where it may not be.

        Parameters
        ----------
        title : str, optional
            A topic; by default the finding that the released numbers allow, or the name of the question.
        subtitle : str, optional
            What stands under the title; by default the question as it was put.
        finding : str, optional
            Id of the sentence of ``report/phrases.yml`` that the title states, where it holds.
        chart : str, optional
            A drawing in place of the one that the question's type calls for: ``"map"``, ``"mosaic"``…

        Raises
        ------
        SyntheseError
            ``universe-alone``: a universe with a breakdown or several questions, which are never released.
            ``unfit-chart``: the drawing is unknown or does not fit; those that do are named.
        """
        names = (
            [question] if isinstance(question, str) else [q for q in question if asked(self.released, q)] or question
        )
        if (piece := absent(self.released, id, [*names, by], title)) is not None:
            return piece
        title = self._stated(finding) or title or findings.stated(self.released, names, by, universe, chart)
        subtitle = findings.wording(self.released, names, by) if subtitle is None else subtitle
        look: dict[str, Any] = {"title": title, "subtitle": subtitle, "chart": chart, "brand": self._brand}
        if not isinstance(question, str):
            _alone(universe, "several questions")
            made = editorial.grid_figure(self.released, id, names, **look)
        elif by is not None:
            _alone(universe, "a breakdown")
            made = editorial.cross_figure(self.released, id, question, by, **look)
        else:
            made = editorial.question_figure(self.released, id, question, universe=universe, **look)
        return sourced(self.released, made, names, by=by, universe=universe)

    def _stated(self, finding: str | None) -> str | None:
        """Write the author's finding; None where none is named, or its numbers are withheld."""
        if finding is None:
            return None
        pieces = {piece.artefact.id: piece.artefact for piece in self.sentences()}
        if finding not in pieces:
            fix = f"one of {', '.join(pieces)}"
            raise SyntheseError.of("unknown-finding", f"{PHRASES} has no sentence {finding!r}", fix=fix)
        made = pieces[finding]
        return (made.text or "").removesuffix(".") or None if made.status == "released" else None

    def table(
        self, id: str, question: str, *, by: str | None = None, universe: str | None = None, title: str | None = None
    ) -> Piece:
        """Tabulate a question, a numeric one included (of a universe's respondents only), or a cross; see `figure`."""
        if (piece := absent(self.released, id, [question, by], title)) is not None:
            return piece
        put = findings.wording(self.released, [question], by)
        title = title or findings.stated(self.released, [question], by, universe, None)
        if by is not None:
            _alone(universe, "a breakdown")
            made = editorial.cross_table(self.released, id, question, by, title=title, subtitle=put)
        else:
            make = editorial.number_table if self._numeric(question) else editorial.question_table
            made = make(self.released, id, question, title=title, subtitle=put, universe=universe)
        return sourced(self.released, made, question, by=by, universe=universe)

    def _numeric(self, question: str) -> bool:
        return self.released.variable(question).kind == "numeric"

    def planned(self, id: str, cross: str) -> Piece:
        """Tabulate the step of a planned cross that is published, or say that none is; see `figure`."""
        step = self.released.decision(cross).step
        if step is None:
            return editorial.planned_table(self.released, id, cross)
        title = findings.of_cross(self.released, step.question, step.by)
        put = findings.wording(self.released, [step.question], step.by)
        made = editorial.planned_table(self.released, id, cross, title=title, subtitle=put)
        return sourced(self.released, made, step.question, by=step.by)

    def evolution(
        self, id: str, question: str, *, title: str | None = None, subtitle: str | None = None, chart: str | None = None
    ) -> Piece:
        """Set a question beside the wave before in a table, or draw lines between all its waves; or say why not.

        Parameters
        ----------
        title, subtitle : str, optional
            See `figure`.
        chart : str, optional
            Of a figure: ``"slopes"``, the usual one, or ``"dots"``.

        Raises
        ------
        SyntheseError
            ``unfit-chart``: no such drawing, or a drawing asked of a table.
        """
        if self.previous is None:
            return method.first_wave(self.released, id)
        if (piece := absent(self.released, id, [question], title)) is not None:
            return piece
        title = title or findings.of_change(self.released, question, self.previous)
        subtitle = findings.wording(self.released, [question]) if subtitle is None else subtitle
        words: dict[str, Any] = {"title": title, "subtitle": subtitle}
        if id.startswith("fig-"):
            before = self.released.waves[:-1]
            made = editorial.evolution_figure(
                self.released, id, question, before, chart=chart, brand=self._brand, **words
            )
            compared = [wave for wave in before if waves.changes(self.released, question, wave)]
        elif chart is not None:
            raise SyntheseError.of(
                "unfit-chart", f"{id} is a table: it has no chart", fix="an id that begins with fig-"
            )
        else:
            made = editorial.evolution_table(self.released, id, question, self.previous, **words)
            compared = [self.previous]
        return sourced(self.released, made, question, reference=compared)

    def annex(self) -> Pieces:
        """Tabulate everything that may be shown, in the order of the questionnaire, for the annex of the report."""
        return Pieces(annex(self.released))

    def robustness(self, id: str, headline: str | None = None) -> Piece:
        """Say in how many variants a headline holds, and their range; a table of every headline if none is named.

        Parameters
        ----------
        id : str
            ``txt-…`` for one headline, ``tbl-…`` for all.
        headline : str, optional
            Id of the headline in the codebook.

        Raises
        ------
        SyntheseError
            No such headline.
        """
        if headline is None:
            return robust.table(self.released, id)
        return robust.line(self.released, id, headline)

    def method(self, id: str, what: str) -> Piece:
        """Say how the numbers came to be.

        Parameters
        ----------
        what : str
            ``opening``, ``collection``, ``answers``, ``reading``, ``confidentiality``, ``words`` or ``comparisons``.
        """
        if what == "reading":
            study = self.keeper.study
            weighed = weighting_of(study, study.wave(self.released.wave)).facts
            return method.reading(self.released, id, weighed)
        if what not in _METHOD:
            known = ", ".join(sorted([*_METHOD, "reading"]))
            raise SyntheseError.of("unknown-method", f"nothing called {what!r} to say", fix=f"one of {known}")
        counts = cleaning.read_counts(self.keeper.study.processed(self.released.wave) / "counts.json")
        return _METHOD[what](self.released, id, counts)

    def save(self, piece: Piece | Iterable[Piece]) -> Piece | Iterable[Piece]:
        """Put one piece or several into the report; they are written by `close`, all at once.

        Returns
        -------
        Piece or iterable of Piece
            What was given, so that the cell shows it.

        Raises
        ------
        SyntheseError
            ``closed``: `close` was called before, so the piece would not reach the report.
        """
        if self._closed:
            fix = "put this cell above the one that says `publication.close()`, and run the notebook from its top"
            raise SyntheseError.of("closed", "the pieces of the report are written already", fix=fix)
        study, wave = self.keeper.study, self.released.wave
        inputs = [study.codebook_file, study.root / "study.yml", study.root / PHRASES]
        inputs.append(study.processed(wave) / "counts.json")
        for id in self.released.waves:  # earlier waves are released again beside this one, and quoted
            keeper = Keeper(study, id, self.keeper.publish)
            inputs += [study.raw(id) / "wave.yml", *(keeper.part(name, "estimates") for name in PARTS)]
        for one in [piece] if isinstance(piece, Piece) else piece:
            self.store.save(
                one.artefact,
                notebook=NOTEBOOK,
                parameters={"wave": wave},
                inputs=[file for file in inputs if file.is_file()],
            )
        return piece

    def close(self) -> str:
        """Write every piece saved, in place of the wave's earlier ones; return where the manifest lies."""
        manifest = self.keeper.study.relative(self.store.commit())
        self._closed.append(manifest)
        return manifest


def _alone(universe: str | None, beside: str) -> None:
    if universe is not None:
        what = f"within a universe {beside} is exploratory: it is never released"
        raise SyntheseError.of("universe-alone", what, fix="take one question, or leave `universe` out")


def publish(keeper: Keeper) -> Publication:
    """Pass a wave through the gate, once, and store what came through.

    Parameters
    ----------
    keeper : Keeper
        Where the parts lie; if it publishes, ``private/estimates.parquet``, ``private/tests.parquet``,
        ``estimates.parquet``, ``tests.parquet`` and ``robustness.parquet`` are written.
    """
    estimates, tests, released = released_with_earlier(keeper)
    study = keeper.study
    private = study.private(keeper.wave) if keeper.publish else keeper.folder / "private"
    write_parquet(estimates, private / "estimates.parquet")
    write_parquet(tests, private / "tests.parquet")
    write_parquet(released.estimates, keeper.folder / "estimates.parquet")
    write_parquet(released.tests, keeper.folder / "tests.parquet")
    write_robustness(released.robustness, keeper.folder / "robustness.parquet")
    return Publication(keeper, released, Store(study, keeper.wave, keeper.folder), read_brand(study.root))
