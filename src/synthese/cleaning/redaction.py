"""Free texts without what identifies someone.

Belongs here: blanking e-mails, telephone numbers, addresses of pages, and what the personal answers of the same
wave hold. Does not: whose texts they are, where they go (`sheets`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from synthese.cleaning.normal import blank

BLANK = "[…]"

_UNSEEN = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_TYPED_BLANK = re.compile(r"\[\s*(?:\.\.\.|…)\s*\]")
_AT = r"(?:@|\s?[(\[{]\s?(?:at|arobase|@)\s?[)\]}]\s?|\sarobase\s)"
_ENDS = "fr|org|com|net|eu|info|coop|asso|bzh|corsica|paris|alsace|re|io|be|ch|gouv|edu"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"[\w.+\-]+{_AT}[\w.\-]+",
        r"(?:https?://|www\.)\S+",
        rf"\b[\w\-]+(?:\.[\w\-]+)*\.(?:{_ENDS})\b(?:/\S*)?",
        r"(?<!\w)@\w{2,}",
        r"(?:\+|\(|\b)\d(?:[\s.\-/()_]{0,2}\d){8,}",
    )
)
_SEVERAL = re.compile(rf"{re.escape(BLANK)}(?:[\s/\-]*{re.escape(BLANK)})+")
_WORD = re.compile(r"[^\W_]+")
_PARTS = re.compile(r"[()\[\]/;,|]|\s[-–—:]\s")
# What names of organisations begin with, and answers that name nobody.
_FORMS = {"association", "asso", "cooperative", "collectif", "federation", "fondation", "scic", "scop", "sarl", "sas"}
_FORMS |= {"societe", "entreprise", "commune", "mairie", "ville", "ste", "l", "la", "le", "les", "de", "des", "du", "d"}
_NOBODY = {"oui", "non", "aucun", "aucune", "autre", "neant", "rien", "sans", "moi", "test", "idem", "nsp"}
_ROLES = {"contact", "info", "infos", "accueil", "bonjour", "hello", "mail", "admin", "direction", "secretariat"}
_HOSTS = {
    "gmail",
    "orange",
    "wanadoo",
    "free",
    "hotmail",
    "outlook",
    "live",
    "yahoo",
    "laposte",
    "icloud",
    "gmx",
    "sfr",
}
_HOSTS |= {"proton", "protonmail", "riseup", "neuf", "bbox", "aol", "msn", "example", "mailo", "posteo", "zaclys"}
_LONGEST_NAME = 6  # words: a longer answer about a contact is a sentence, whose words name nobody by themselves


def words(text: str) -> tuple[str, ...]:
    """Words of a text without accents or case."""
    return tuple(_fold(match[0]) for match in _WORD.finditer(unicodedata.normalize("NFC", text)))


def _fold(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word).casefold()
    return "".join(char for char in plain if not unicodedata.combining(char))


@dataclass
class Redactor:
    """Blanks what identifies someone in free texts of a wave.

    Blanked are e-mails, page addresses, account names, telephone and other numbers of nine digits and more, and
    the personal answers of the wave wherever they stand, whatever their accents and case: in full; an
    organisation's name without its legal form, or a part of it in brackets; where it is written with a capital,
    each word of a contact's name or of an e-mail before its @. A name that no personal column holds stays:
    whoever codes blanks it by hand, as ``[…]`` or ``[...]``.

    Parameters
    ----------
    runs : dict of str to set of tuple of str
        First word of a run of words to the runs.
    names : set of str
        Words that are blanked where they have a capital.
    """

    runs: dict[str, set[tuple[str, ...]]] = field(default_factory=dict, repr=False)
    names: set[str] = field(default_factory=set, repr=False)

    def __call__(self, text: str) -> str:
        """Redact one text, on one line."""
        text = _TYPED_BLANK.sub(BLANK, " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", text)).split()))
        for pattern in _PATTERNS:
            text = pattern.sub(BLANK, text)
        found = list(_WORD.finditer(text))
        folded = [_fold(match[0]) for match in found]
        pieces, end, here = [], 0, 0
        while here < len(found):
            length = self._named(found[here][0], folded, here)
            if length:
                pieces += [text[end : found[here].start()], BLANK]
                end = found[here + length - 1].end()
            here += length or 1
        return _SEVERAL.sub(BLANK, "".join((*pieces, text[end:])))

    def _named(self, word: str, folded: list[str], here: int) -> int:
        """Count the words from a place on that name someone."""
        runs = self.runs.get(folded[here], ())
        longest = max((len(run) for run in runs if tuple(folded[here : here + len(run)]) == run), default=0)
        return longest or int(word[:1].isupper() and folded[here] in self.names)

    def _run(self, run: tuple[str, ...]) -> None:
        if sum(map(len, run)) > 2 and not (len(run) == 1 and run[0] in _NOBODY):
            self.runs.setdefault(run[0], set()).add(run)

    def learn(self, answers: Iterable[str], *, contact: bool) -> None:
        """Take the answers to one personal question as names to blank."""
        for answer in sorted(set(answers)):
            if blank(answer):
                continue
            if "@" in answer:
                self._mail(answer)
                continue
            whole = words(answer)
            if not whole:
                continue
            self._run(whole)
            if contact and len(whole) <= _LONGEST_NAME:
                self.names.update(word for word in whole if len(word) > 2 and word not in _NOBODY)
            if not contact:
                self._organisation(answer)

    def _mail(self, answer: str) -> None:
        name, _, host = answer.partition("@")
        self.names.update(word for word in words(name) if len(word) > 2 and word not in _ROLES)
        label = words(host.rpartition(".")[0])
        if label and label[-1] not in _HOSTS:
            self._run(label)

    def _organisation(self, answer: str) -> None:
        for part in _PARTS.split(answer):
            run = words(part)
            while len(run) > 1 and run[0] in _FORMS:
                run = run[1:]
            if len(run) > 1:
                self._run(run)
            elif run and (part.strip().isupper() or len(run[0]) > 4) and run[0] not in _FORMS:
                self.names.add(run[0])


def redactor(personal: Mapping[str, tuple[bool, Iterable[str]]]) -> Redactor:
    """Make a redactor of the personal answers of a wave, those of rows that were left out included.

    Parameters
    ----------
    personal : mapping
        Question id to whether it is about a contact (a person), and its answers.
    """
    made = Redactor()
    for _, (contact, answers) in sorted(personal.items()):
        made.learn(answers, contact=contact)
    return made
