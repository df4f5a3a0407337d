"""Vouching: what a mail proves about its sender, which is little, and nothing about the badge in it."""

from .shapes import FAIL, NONE, PASS, UNKNOWN, Reception, Said, Vouched

__all__ = ["FAIL", "NONE", "PASS", "UNKNOWN", "Reception", "Said", "Vouched"]
