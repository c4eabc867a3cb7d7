"""The exercise checks, one module a lesson, and the core that they share."""
