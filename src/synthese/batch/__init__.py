"""Running waves: what has to be done, in which order, and what is up to date already.

Belongs here: the plan over waves × notebooks × report, the ledger, and the runner. Does not: how one
notebook is run (`synthese.notebooks`) or one report rendered (`synthese.rendering`).
"""

from synthese.batch.checking import Checked, check, findings_of
from synthese.batch.ledger import Ledger
from synthese.batch.plan import RENDER, Task, plan
from synthese.batch.readiness import check_ready
from synthese.batch.running import RunReport, run

__all__ = ["RENDER", "Checked", "Ledger", "RunReport", "Task", "check", "check_ready", "findings_of", "plan", "run"]
