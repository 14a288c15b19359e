"""What ``study.yml`` and ``wave.yml`` declare, as frozen pydantic models."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from synthese.codebook import Model
from synthese.codebook.model import Code, QuestionId, Text
from synthese.formatting import period_text
from synthese.study.sampling import Design as Design  # a part of `wave.yml`, read from here by other rooms
from synthese.study.sampling import Sampling

Absence = Literal["not_asked", "no_answer", "dont_know", "not_applicable"]


class Unit(Model):
    """What a respondent is, for sentences: « structure », feminine, « structures répondantes »."""

    singular: Text = "répondant·e"
    plural: Text = "répondant·es"
    respondent_singular: Text = "répondant·e"
    respondent_plural: Text = "répondant·es"
    feminine: bool = False
    represented: bool = Field(False, description="Whether a person answers for the unit, as for an organisation.")


class Disclosure(Model):
    """What keeps a published number from identifying anyone.

    Counts are unweighted: weights of a published study are not confidential.
    """

    minimum_count: int = Field(3, ge=1, description="Smallest count that may be published for a cell.")
    minimum_base: int = Field(10, ge=1, description="Smallest base on which a question is published at all.")
    percentage_base: int = Field(30, ge=1, description="Smallest base for a percentage; counts only below.")
    group_base: int = Field(30, ge=1, description="Smallest base of a group whose shares are compared.")
    most_withheld: float = Field(
        0.34, ge=0, le=1, description="A table is published only if at most this part of its cells is withheld."
    )
    reason: Text | None = Field(None, description="Why these settings, where they differ from the defaults.")

    @model_validator(mode="after")
    def _reason_given(self) -> Disclosure:
        if self.minimum_count < 3 and not self.reason:
            what = "minimum_count under 3 needs a reason"
            fix = {"key": "reason", "fix": "add `reason: …`, for instance that the raw data are public"}
            raise PydanticCustomError("missing-reason", what, fix)
        return self


class Bands(Model):
    """Numbers in words: lowest displayed percentage of each expression."""

    quasi_totalite: int = 95
    tres_grande_majorite: int = 80
    grande_majorite: int = 65
    majorite: int = 53
    peu_plus_moitie: int = 51
    moitie: int = 50
    pres_moitie: int = 45
    plus_tiers: int = 35
    environ_tiers: int = 32
    plus_quart: int = 28
    environ_quart: int = 23
    minorite: int = 10
    faible_minorite: int = 3

    @model_validator(mode="after")
    def _falling(self) -> Bands:
        lows = list(self.model_dump().values())
        if lows != sorted(set(lows), reverse=True) or lows[0] > 99 or lows[-1] < 1:
            raise ValueError(f"bands should fall from 99 at most to 1 at least, these are {lows}")
        return self


class Contact(Model):
    """Whom to write to, by role: a synthesis names no person."""

    role: Text
    organisation: Text | None = None
    url: Text | None = None


class StudySettings(Model):
    """``study.yml``: what the study is, who answers, who publishes, and the rules of publication."""

    schema_version: Literal[1] = Field(alias="schema")
    title: Text
    subtitle: Text | None = None
    banner: Text | None = Field(None, description="Line above the title.")
    source: Text = Field(description="Name of the questionnaire for the Source line.")
    authors: tuple[Text, ...] = ()
    publisher: Text | None = None
    contact: Contact
    funding: Text | None = None
    licence: Text | None = None
    publication_director: Text | None = Field(None, description="Who directs the publication, by role.")
    host: Text | None = Field(None, description="Who hosts the page, for its legal notice.")
    privacy: Text | None = Field(None, description="What becomes of personal data; a general sentence if absent.")
    version: Text = "1"
    status: Literal["brouillon", "relu", "publie"] = "brouillon"
    cite_as: Text | None = Field(None, description="How to cite; made from title, publisher and wave if absent.")
    unit: Unit = Unit()
    disclosure: Disclosure = Disclosure()
    bands: Bands = Bands()
    seed: int = 20240115
    confidence: float = Field(0.95, gt=0.5, lt=1)


class FieldWork(Model):
    """When answers were collected."""

    start: dt.date
    end: dt.date
    reminders: tuple[dt.date, ...] = ()
    known: bool = Field(True, description="False while the dates are to be found out: none is printed.")

    @property
    def period(self) -> str:
        """First and last day, in French, or that they are to be found out."""
        return period_text(self.start, self.end) if self.known else "dates à préciser"

    @property
    def opened(self) -> str:
        """The same after « a été ouvert »."""
        return self.period if self.known else f"à des {self.period}"

    @model_validator(mode="after")
    def _in_order(self) -> FieldWork:
        if self.end < self.start:
            what = "field work ends before it starts"
            raise PydanticCustomError("field-work", what, {"key": "end", "fix": "swap the two dates"})
        return self


class Duplicates(Model):
    """Which answers come from one respondent, and which of them is kept."""

    by: tuple[QuestionId, ...] = Field((), description="Questions that identify a respondent, such as e-mail.")
    content: bool = Field(
        False, description="Rows that answer every question alike, those that identify left out, are one respondent."
    )
    content_minimum: int = Field(5, ge=1, description="Fewest answers of a row that `content` looks at.")
    keep: Literal["first", "last", "most_complete"] = "last"

    @model_validator(mode="after")
    def _by_something(self) -> Duplicates:
        if not self.by and not self.content:
            what = "`duplicates` says neither by which questions nor by content"
            raise PydanticCustomError("duplicates-by", what, {"key": "by", "fix": "add `by: […]` or `content: true`"})
        return self


class TrialRows(Model):
    """Which rows are trials of the form."""

    question: QuestionId
    matches: tuple[Text, ...] = Field(description="Texts that mark a trial, compared without case.")


class Kept(Model):
    """Which rows count; every row left out is in the journal."""

    drafts: Literal["drop", "keep"] = "drop"
    empty: Literal["drop", "keep"] = "drop"
    minimum_answers: int = Field(1, ge=0, description="Fewest answered questions of a row that counts.")
    must_answer: tuple[QuestionId, ...] = Field((), description="Questions that a row must answer to count.")
    duplicates: Duplicates | Literal["keep"] | None = Field(
        None, description="`keep` says that answers that look alike are respondents of their own."
    )
    trials: TrialRows | None = None


class PlainColumn(Model):
    """What one column of a plain file is."""

    question: QuestionId
    option: Code | None = Field(None, description="One option of a multiple response: ticked or not.")
    row: Code | None = Field(None, description="One row of a grid, or one item of a ranking.")
    values: dict[str, Code] = Field(default_factory=dict, description="Text of the file → option code.")


class WaveSettings(Sampling):
    """``wave.yml``: how a wave was collected and how its export is written."""

    schema_version: Literal[1] = Field(alias="schema")
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]
    title: Text
    exports: tuple[Text, ...] = Field(
        alias="export",
        min_length=1,
        description="File of the answers, in the wave's folder; a list of files where they came in several.",
    )
    tool: Text
    encoding: Text | None = None
    delimiter: str | None = None
    sheet: Text | None = Field(None, description="Sheet of the workbook that holds the answers.")
    header_row: int | None = Field(None, ge=1, description="First row of the header, where lines stand above it.")
    last_row: int | None = Field(None, ge=1, description="Last row of answers, where lines stand below it.")
    structure: Text | None = Field(
        None, description="File of the form (.lss, XLSForm), in the wave's folder, for exports of codes."
    )
    field_work: FieldWork = Field(alias="field")
    channel: Text = Field(description="How the questionnaire reached people, in French, for the method page.")
    invited: int | None = Field(None, ge=1, description="Number invited; null where the link was relayed.")
    synthetic: bool = False
    status: Literal["brouillon", "relu", "publie"] | None = Field(
        None, description="Of this wave's report, where it is not that of the study: a drafted wave is `brouillon`."
    )
    reviewed: dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]+$")], Text] = Field(
        default_factory=dict,
        description="Remarks of `synthese check` that were looked at and stand: code of the remark → why. A wave with "
        "other findings stays a draft.",
    )
    kept: Kept = Kept()
    aliases: dict[QuestionId, tuple[Text, ...]] = Field(
        default_factory=dict, description="Headers by which this wave's export names a question."
    )
    option_aliases: dict[str, dict[str, Code]] = Field(
        default_factory=dict, description="Question (or grid row) → text of this export → option code."
    )
    columns: dict[str, PlainColumn | Literal["ignore"]] = Field(
        default_factory=dict, description="For `tool: plain`: header → what it is, or `ignore`."
    )
    missing: dict[str, dict[str, Absence]] = Field(
        default_factory=dict,
        description="Question, or `any` → text of this export that says why there is no answer → why.",
    )
    separator: str | None = Field(None, description="What joins the options of a multiple response in one cell.")
    notes: tuple[Text, ...] = ()

    @property
    def export(self) -> str:
        """File of the answers; the first of them where they came in several."""
        return self.exports[0]

    @field_validator("exports", mode="before")
    @classmethod
    def _one_file_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("exports")
    @classmethod
    def _told_apart(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        names = [name.replace("\\", "/").rpartition("/")[2] for name in value]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"{', '.join(twice)} is named twice: each file has a name of its own, and is listed once")
        return value

    @field_validator("aliases", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        if isinstance(value, dict):
            return {key: (item,) if isinstance(item, str) else item for key, item in value.items()}
        return value
