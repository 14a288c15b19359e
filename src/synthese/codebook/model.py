"""What a codebook file says, as frozen pydantic models.

Belongs here: the shape of ``codebook.yml``, one class a thing it declares. Does not: checks that need two
things at once (`checks`), reading the file (`loading`), or what a wave or a cross makes of a question (`variables`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from synthese.codebook.headline import Headline
from synthese.codebook.shapes import Code as Code
from synthese.codebook.shapes import Model as Model
from synthese.codebook.shapes import QuestionId as QuestionId
from synthese.codebook.shapes import Text as Text
from synthese.codebook.shapes import VariableId as VariableId
from synthese.codebook.shapes import WaveId as WaveId
from synthese.codebook.standardisation import Standardisation

SCHEMA_VERSION = 1

QuestionType = Literal["single", "multiple", "ordinal", "grid", "ranking", "numeric", "open"]
Role = Literal["measure", "breakdown", "identifier", "contact", "consent", "key", "weight", "comment"]
Sensitivity = Literal["public", "neutral", "sensitive"]


class Rewording(Model):
    """How a wave put a question or an option, where that differs."""

    wave: WaveId
    text: Text
    comparable: bool = Field(description="Whether answers may be compared with waves that used another wording.")
    reason: Text = Field(description="Why, in French: it is printed beside the evolution.")


class Option(Model):
    """One answer that can be chosen."""

    code: Code
    label: Text = Field(description="Full text, as the questionnaire prints it.")
    short: Text | None = Field(None, description="Shorter text for tables and charts.")
    lecture: Text | None = Field(
        None, description="How a sentence names it after the question's `lecture`: « l’échange entre pairs »."
    )
    other: bool = Field(False, description="« Autre : préciser »: free text that matches no option counts here.")
    exclusive: bool = Field(False, description="Cannot be chosen with another (« Aucun »).")
    in_base: bool = Field(True, description="False leaves it out of the denominator (« Ne sait pas »).")
    coded: bool = Field(False, description="Made when free answers were coded: on no form.")
    waves: tuple[WaveId, ...] | None = Field(None, description="Waves that offered it; null = all.")
    split_of: Code | None = Field(
        None,
        description="The option of another wave that this one is a part of, whether it was split since or merged; "
        "compared through it.",
    )
    rewordings: tuple[Rewording, ...] = Field((), description="Waves that printed another text.")

    @property
    def display(self) -> str:
        """The short text, or the full one."""
        return self.short or self.label

    def offered(self, wave: str) -> bool:
        """Whether a wave's questionnaire had it."""
        return self.waves is None or wave in self.waves

    def wording(self, wave: str) -> str:
        """Text that a wave printed."""
        return next((r.text for r in self.rewordings if r.wave == wave), self.label)


class Row(Model):
    """One line of a grid, or one item to rank."""

    code: Code
    label: Text
    short: Text | None = None
    waves: tuple[WaveId, ...] | None = None

    @property
    def display(self) -> str:
        """The short text, or the full one."""
        return self.short or self.label

    def offered(self, wave: str) -> bool:
        """Whether a wave's questionnaire had it."""
        return self.waves is None or wave in self.waves


class Scale(Model):
    """Ordered options shared by several questions, lowest first."""

    code: Code
    label: Text
    kind: Literal["agreement", "satisfaction", "frequency", "intensity", "duration", "other"] = "other"
    options: tuple[Option, ...] = Field(min_length=2)


class Routing(Model):
    """Who is asked: those who gave one of some answers to an earlier question."""

    question: QuestionId
    any_of: tuple[Code, ...] = Field(min_length=1)
    champ: Text = Field(
        description="Who that is, in French, for the Champ line: « structures dont l’accompagnement n’est pas… »."
    )


class WaveRouting(Model):
    """Who a wave asked, where that differs."""

    wave: WaveId
    routing: Routing | None = Field(description="Null: that wave asked everyone.")


class WaveType(Model):
    """How a wave let answer, where that differs: one answer in one wave, several in another."""

    wave: WaveId
    type: Literal["single", "multiple", "ordinal"]


class WaveOrder(Model):
    """In which order a wave laid out the steps of a scale, where that differs."""

    wave: WaveId
    options: tuple[Code, ...] = Field(min_length=2, description="Every step that the wave offered, first to last.")


class Override(Model):
    """A decision that takes the place of the computed verdict on two waves."""

    question: VariableId = Field(description="A question, and with it its rows and regroupings; or one of these.")
    waves: tuple[WaveId, WaveId]
    comparable: bool
    reason: Text = Field(description="Why, in French: it is printed beside the evolution, or in its place.")


class Question(Model):
    """One question."""

    id: QuestionId
    section: Text
    text: Text = Field(description="Wording of the questionnaire.")
    short: Text | None = Field(None, description="Short name for tables and notes.")
    type: QuestionType
    role: Role = "measure"
    sensitivity: Sensitivity = "neutral"
    options: tuple[Option, ...] = ()
    scale: Code | None = None
    rows: tuple[Row, ...] = Field((), description="Lines of a grid, items of a ranking.")
    maximum: int | None = Field(None, ge=1, description="Most options that may be ticked or ranked.")
    unticked: Literal["no_answer", "none_of_them"] = Field(
        "no_answer",
        description="What leaving every option of a multiple response unticked means; `none_of_them` only where the "
        "form proves that the page was reached (a required question beside it): it is then an answer, in the base.",
    )
    minimum_value: float | None = None
    maximum_value: float | None = None
    integer: bool = Field(False, description="Numeric answers are whole numbers.")
    unit: Text | None = Field(None, description="Unit of a numeric answer: « ETP ».")
    nps: bool = Field(False, description="A 0–10 recommendation score, summed up as NPS.")
    required: bool = False
    routing: Routing | None = None
    asked_in: tuple[WaveId, ...] | None = Field(None, description="Waves that asked it; null = all.")
    rewordings: tuple[Rewording, ...] = ()
    routing_in: tuple[WaveRouting, ...] = Field((), description="Waves that asked others than `routing` says.")
    type_in: tuple[WaveType, ...] = Field((), description="Waves that let answer otherwise than `type` says.")
    order_in: tuple[WaveOrder, ...] = Field((), description="Waves that laid out the scale in another order.")
    lecture: Text | None = Field(
        None, description="Verb phrase after « des structures répondantes » in a Lecture line: « citent »."
    )
    _recoded: Mapping[str, tuple[Code, ...]] = PrivateAttr(default_factory=dict)

    @property
    def recoded(self) -> Mapping[str, tuple[Code, ...]]:
        """By wave whose free answers were coded: the options that have more or fewer answers for it."""
        return self._recoded

    def as_recoded(self, recoded: Mapping[str, tuple[Code, ...]]) -> Question:
        """Give it what coding moved: no part of the questionnaire, so of no file."""
        question = self.model_copy()
        question._recoded = dict(recoded)
        return question

    @property
    def display(self) -> str:
        """The short name, or the wording."""
        return self.short or self.text

    @property
    def personal(self) -> bool:
        """Whether answers can identify someone: they never leave ``private/``."""
        return self.role in ("identifier", "contact")

    @property
    def technical(self) -> bool:
        """Whether it is no answer but a column beside them: a key, a cluster's number, a weight."""
        return self.role in ("key", "weight")

    def asked(self, wave: str) -> bool:
        """Whether a wave asked it."""
        return self.asked_in is None or wave in self.asked_in

    def wording(self, wave: str) -> str:
        """How a wave put it."""
        return next((r.text for r in self.rewordings if r.wave == wave), self.text)

    def routed(self, wave: str) -> Routing | None:
        """Who a wave asked; None for everyone."""
        return next((r.routing for r in self.routing_in if r.wave == wave), self.routing)

    def typed(self, wave: str) -> QuestionType:
        """How a wave let answer."""
        return next((t.type for t in self.type_in if t.wave == wave), self.type)

    def put_in(self, wave: str) -> Question:
        """Give it the text, type, routing and texts of options of a wave; options of other waves stay.

        Only for the codebook's own question: one that was put in another wave keeps words of that one.
        """
        mine = {"text": self.wording(wave), "type": self.typed(wave), "routing": self.routed(wave)}
        options = tuple(
            option.model_copy(update={"label": option.wording(wave)}) if option.rewordings else option
            for option in self.options
        )
        return self.model_copy(update={**mine, "options": options})


class Group(Model):
    """Options counted as one."""

    code: Code
    label: Text
    short: Text | None = None
    of: tuple[Code, ...] = Field(min_length=1)


class Regrouping(Model):
    """A coarser version of a question with options, declared before the data are seen."""

    id: VariableId = Field(description="``B1@regroupe``: the question, then the name of the regrouping.")
    label: Text
    groups: tuple[Group, ...] = Field(min_length=2)


class LadderStep(Model):
    """One way to publish a cross."""

    question: VariableId
    by: VariableId


class PlannedCross(Model):
    """A cross decided before the data were seen.

    Without a ladder it is published as declared, or not at all. With one, the finest step that is safe and
    legible is published, and only that one.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]
    title: Text
    question: VariableId
    by: VariableId
    ladder: tuple[LadderStep, ...] = ()

    @property
    def steps(self) -> tuple[LadderStep, ...]:
        """The ladder, finest first; a cross without one has a single step."""
        return self.ladder or (LadderStep(question=self.question, by=self.by),)


Given = tuple[Code, ...] | Literal["answered", "missing"]


class Consistency(Model):
    """A rule that the answers to several questions keep; a row that breaks it is told, and kept as given."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]
    what: Text = Field(description="What is wrong where it does not hold, in French, for the journal.")
    when: dict[VariableId, Given] = Field(
        default_factory=dict, description="Rows it looks at: question → codes of which one is given, or `answered`."
    )
    then: dict[VariableId, Given] = Field(
        default_factory=dict, description="What must hold there: question → codes, `answered` or `missing`."
    )
    at_most: tuple[VariableId, VariableId] | None = Field(
        None, description="Two numeric questions: the first is not above the second."
    )

    @model_validator(mode="after")
    def _says_something(self) -> Consistency:
        if not self.then and self.at_most is None:
            raise PydanticCustomError(
                "empty-rule", "this rule asks for nothing", {"key": "id", "fix": "add `then: {…}` or `at_most: […]`"}
            )
        return self


class Filter(Model):
    """One condition: those who gave one of some answers to a question."""

    question: VariableId = Field(description="A question with options, or a row of a grid.")
    any_of: tuple[Code, ...] = Field(min_length=1)


class Universe(Model):
    """A part of the respondents within which some questions are described, decided before the data were seen."""

    id: Code
    champ: Text = Field(
        description="Who they are, in French, for the Champ line: « personnes ayant vu les six films »."
    )
    all_of: tuple[Filter, ...] = Field(min_length=1, description="Conditions that all hold.")
    questions: tuple[VariableId, ...] = Field(min_length=1, description="Questions and regroupings described within.")


class Codebook(Model):
    """A questionnaire: what is asked, of whom, and how its answers may be grouped and crossed."""

    schema_version: Literal[1] = Field(alias="schema", description="Version of this file's format.")
    title: Text
    scales: tuple[Scale, ...] = ()
    sections: dict[str, Text] = Field(default_factory=dict, description="Title of each section, by its code.")
    questions: tuple[Question, ...] = Field(min_length=1)
    regroupings: tuple[Regrouping, ...] = ()
    planned_crosses: tuple[PlannedCross, ...] = ()
    universes: tuple[Universe, ...] = ()
    headlines: tuple[Headline, ...] = Field(
        (), description="Numbers put forward, with the other choices under which each must hold."
    )
    standardisation: Standardisation | None = Field(
        None, description="The mix of strata that the shares of every wave are also brought to."
    )
    consistency: tuple[Consistency, ...] = Field((), description="Rules between answers to several questions.")
    comparability: tuple[Override, ...] = Field(
        (), description="Decisions on what may be compared, where the computed verdict is not right."
    )

    @model_validator(mode="after")
    def _resolve_scales(self) -> Codebook:
        """Give a question that names a scale that scale's options."""
        scales = {scale.code: scale.options for scale in self.scales}
        questions = tuple(
            question.model_copy(update={"options": scales[question.scale]})
            if question.scale in scales and not question.options
            else question
            for question in self.questions
        )
        object.__setattr__(self, "questions", questions)
        return self

    @property
    def by_id(self) -> dict[str, Question]:
        """Questions by id, in the questionnaire's order."""
        return {question.id: question for question in self.questions}

    def put_in(self, wave: str) -> Codebook:
        """Put every question as a wave did; see `Question.put_in`."""
        return self.model_copy(update={"questions": tuple(question.put_in(wave) for question in self.questions)})
