"""The words of the desk line by line, besides the verbs: what each is called, takes and does. Pure."""

from typing import NamedTuple


class Word(NamedTuple):
    """One word that the agent may type."""

    name: str
    usage: str
    """The word with what may stand behind it."""
    help: str
    binding: str = ""
    """The key of the desk that does the same, which may be typed too; empty where it has none."""


WORDS = (
    Word("list", "list [VIEW]", "the list from its beginning, or a view: its name or digit alone opens it too"),
    Word("views", "views", "the views with their digits and how many sends each has"),
    Word("filter", "filter [WORDS]", "the sends of a filter, as in the filter line: filter status:shipped", "desk.filter"),
    Word("next", "next", "the next page of the list; with an open case, the next send"),
    Word("back", "back", "the page before; with an open case, the send before"),
    Word("open", "open SEND", "a send in full, by its number or its id"),
    Word("history", "history [SEND]", "what happened to a send"),
    Word("guidance", "guidance [SEND]", "what its status means and what usually follows"),
    Word("packet", "packet [SEND]", "the text to send to the platform’s support"),
    Word("around", "around [SEND]", "other sends of its recipient, company, campaign or batch, with their filters", "desk.around"),
    Word("reply", "reply [SEND] [sender]", "a ready text to the sender, or with recipient to the recipient", "desk.reply"),
    Word("close", "close", "leave the open case, back to the list"),
    Word("triage", "triage", "what needs an agent, one send after another, with the usual answers on numbers", "desk.triage"),
    Word("end", "end", "end the round of triage, with a text to hand over"),
    Word("undo", "undo [SEND]", "take back what I did last", "desk.undo"),
    Word("redo", "redo [SEND]", "do again what I took back", "desk.redo"),
    Word("repeat", "repeat SENDS", "the last verb once more, on other sends", "desk.repeat"),
    Word("log", "log [all|FILTER]", "what I did; with all, what everyone did; or by:jo verb:set since:7d", "desk.log"),
    Word("at", "at TIME", "the desk as it was then, only to read: at Tue 17:00"),
    Word("now", "now", "come back from the past"),
    Word("report", "report [SINCE|shift]", "what is stuck, how long things take, who did what; report 7d; with shift, my own day", "desk.report"),
    Word("credits", "credits [all|SOURCE]", "what the platforms owe to each funding source, the longest overdue first; with all, what they paid back too", "desk.credits"),
    Word("export", "export FILE", "write this list to a new file; its name says the format: .csv, .json, .jsonl or .md", "desk.export"),
    Word("sync", "sync [PLATFORM]", "read the platforms now, or only one: sync goody", "desk.sync"),
    Word("help", "help [WORD]", "this list, or more about one word", "desk.help"),
    Word("quit", "quit", "end; Ctrl+D does the same", "desk.quit"),
)  # fmt: skip
"""In the order in which help lists them; the verbs stand before `undo`."""
