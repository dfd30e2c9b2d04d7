"""A question with two answers, in a dialog of the page, which takes the focus and gives it back."""

import asyncio

from . import dom


async def ask(question: str, yes: str) -> bool:
    """Show the question; True if the reader presses the button `yes`, False for anything else."""
    dialog = dom.by_id("question")
    dom.set_text(dom.part(dialog, "text"), question)
    dom.set_text(dom.part(dialog, "yes"), yes)
    answered = asyncio.get_running_loop().create_future()
    undo = dom.listen(dialog, "close", lambda _event: answered.set_result(dialog.returnValue == "yes"))
    dialog.returnValue = ""
    dialog.showModal()
    try:
        return await answered
    finally:
        undo()
