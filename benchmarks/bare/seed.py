"""The rows and the questions are those of Gatehouse itself."""

from benchmarks.ours.seed import seed

__all__ = ["seed"]
