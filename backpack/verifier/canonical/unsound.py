"""Why a document cannot be said in statements."""


class Unsound(Exception):
    """The document cannot be turned into statements without losing or bending something; says what in a sentence."""

    error = "PROOF_TRANSFORMATION_ERROR"  # Data Integrity's name for it


class Unsupported(Unsound):
    """A vocabulary of the issuer's own goes beyond what we read: that shows nothing, neither for it nor against it."""
