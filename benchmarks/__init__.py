"""What is measured, and against what. README.md says how and why."""
