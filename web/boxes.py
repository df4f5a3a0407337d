"""How a connected mailbox is shown: its state in words, how far a run is, and what may be done."""

from dataclasses import dataclass

from markupsafe import Markup, escape

from backpack.services.mailboxes import Summary
from backpack.storage.tables import Mailbox

from . import dates, numbers

SECURITY = {"tls": "TLS (usual)", "starttls": "STARTTLS", "none": "None (own networks only)"}
TAKES = {
    "awards": (
        "What looks like an award",
        "Messages whose sender or subject speaks of badges or certificates.",
    ),
    "all": ("Every message", "For a folder where you collect award e-mails yourself."),
}


@dataclass(frozen=True, slots=True)
class Box:
    """One mailbox with what its last run brought."""

    row: Mailbox
    summary: Summary

    @property
    def is_working(self) -> bool:
        """Whether something will change by itself in the next seconds."""
        return self.row.state in ("waiting", "working") or bool(self.summary.reading)

    @property
    def may_stop(self) -> bool:
        """Whether there is something to stop: a run, or looking into it every few minutes."""
        return self.row.state != "stopped"

    @property
    def is_halfway(self) -> bool:
        """Whether a run was left before its end."""
        return self.row.seen < self.row.total

    @property
    def tone(self) -> str:
        """How grave it is."""
        if self.row.state == "working" and self.row.problem:
            return "unknown"
        return {"idle": "passed", "failed": "failed", "stopped": "skipped"}.get(self.row.state, "waiting")

    @property
    def says(self) -> str:
        """Its state in a word or a sentence."""
        row = self.row
        if row.state in ("failed", "working") and row.problem:
            return row.problem
        if row.state == "working":
            return "Looking through it" if row.total else "Signing in"
        return {"waiting": "Waiting for its turn", "idle": "Connected"}.get(row.state, "Stopped")

    @property
    def then(self) -> Markup:
        """What comes next, or when it was looked at."""
        row = self.row
        if row.state == "failed":
            again = Markup(" We try again {}.").format(dates.coming(row.due_at)) if row.due_at else Markup()
            return escape(row.try_this or "") + again
        if row.state == "working" and row.problem:
            return escape(row.try_this or "")
        if row.state == "idle" and row.polled_at:
            return Markup("looked into {}").format(dates.ago(row.polled_at))
        if row.state == "stopped":
            return escape("until you say so" if not self.is_halfway else f"at {self.far}")
        return Markup()

    @property
    def far(self) -> str:
        """How far the run is."""
        return f"{self.row.seen:,} of {numbers.plural(self.row.total, 'message')}"

    @property
    def brought(self) -> str:
        """What the run brought, in a sentence; nothing when it took nothing."""
        made = self.summary
        parts = [f"{numbers.plural(made.brought, 'message')} brought badges"] if made.brought else []
        parts += (
            [
                f"{made.nothing:,} had none"
                if parts
                else f"{numbers.plural(made.nothing, 'message')} had no badge"
            ]
            if made.nothing
            else []
        )
        parts += [f"{made.reading:,} still being read"] if made.reading else []
        return f"{', '.join(parts)}." if parts else ""

    @property
    def looked(self) -> str:
        """How many messages the run looked at, and took."""
        row = self.row
        if not row.total:
            return "No message yet." if row.state == "idle" else ""
        return f"{numbers.plural(row.seen, 'message')} looked at, {row.taken:,} taken."
