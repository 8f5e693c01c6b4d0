"""Which shipment the agent asks about, where several are in question."""

from collections.abc import Sequence

from models.records import Case, Shipment
from models.rules import shipments
from tui.desk.jobs import Jobs

_ALL = "all"
_MOST = 9
"""How many shipments the question offers: each has a digit."""


async def pick_shipment(jobs: Jobs, case: Case) -> Case | None:
    """Return *case* about the shipment that the agent picks; None if the agent leaves the question.

    Where one shipment only is in question, nothing is asked.
    """
    offered = shipments.choices(case)
    if not offered:
        return case
    picked = await ask_which(jobs, case, offered, all_of_them=True)
    return None if picked is None else case._replace(asked_about=tuple(picked))


async def ask_which(
    jobs: Jobs, case: Case, offered: Sequence[Shipment], *, all_of_them: bool = False
) -> Sequence[Shipment] | None:
    """Ask which of *offered* is meant, shipments of *case*; return None without an answer.

    Args:
        jobs: Runs the question.
        case: Whose shipments they are.
        offered: The shipments, in the order in which they are offered.
        all_of_them: Whether those in question can be picked together.
    """
    from tui.dialogs.menu import MenuDialog

    provider = case.send.provider
    lines = [
        (str(number), str(number), shipments.state_word(provider, each), shipments.name_of(each))
        for number, each in enumerate(offered[:_MOST], start=1)
    ]
    together = shipments.asked_about(case)
    if all_of_them:
        names = ", ".join(map(shipments.name_of, together))
        lines.append(("a", _ALL, f"all {len(together)} of them", names))
    answer = await jobs.ask(MenuDialog(f"Which shipment of {case.send.ref}?", lines))
    if answer is None:
        return None
    return together if answer == _ALL else (offered[int(answer) - 1],)
