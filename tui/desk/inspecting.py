"""What was done, and what the database was asked: the log of deeds and the query behind the list."""

import asyncio
from functools import partial

from tui.desk.copying import Sharing
from tui.desk.jobs import desk_work


class Recalling(Sharing):
    """Shows what lies behind the screen."""

    @desk_work("ask")
    async def action_log(self) -> None:
        """Show the last deeds; the one that is chosen leads to its send."""
        from models.query.printer import value
        from models.query.tree import Word
        from models.reading.activity import newest
        from tui.dialogs.log import LogDialog

        if not self.is_open:
            return
        mine = await asyncio.to_thread(partial(newest, self.desk, mine=True))
        everyones = await asyncio.to_thread(partial(newest, self.desk, mine=False))
        ref = await self.app.push_screen_wait(
            LogDialog(mine, everyones, now=self.clock(), zone=self.zone)
        )
        if ref is not None:
            self.show_list()
            self.show(self.desk.parse(f"id:{value(Word(ref))}"), keep=False)

    @desk_work("ask")
    async def action_explain(self) -> None:
        """Show what the database is asked for this list, how it does it, and how long it takes."""
        from models.reading.explain import explain
        from tui.dialogs.text import TextDialog

        if self.query_now is not None:
            told = await asyncio.to_thread(explain, self.desk, self.query_now)
            title = str(self.query_now) or "every send"
            await self.app.push_screen_wait(TextDialog(f"Explain  {title}", str(told)))
