"""Why a document cannot be said in statements."""


class Unsound(Exception):
    """The document cannot be turned into statements without losing or bending something; says what in a sentence."""

    error = "PROOF_TRANSFORMATION_ERROR"  # Data Integrity's name for it
