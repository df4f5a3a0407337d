"""Whose backpack it is: nobody's."""

NAME = "Maria Exemplar"
EMAIL = "maria@backpack.example"
CAMPUS = "m.exemplar@montalvo.example"
"""Her second confirmed address."""
LEFT_BEHIND = "maria.exemplar@old-campus.example"
"""One she never confirmed."""
