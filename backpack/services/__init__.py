"""What people do: one module an activity, plain functions that take a session."""
