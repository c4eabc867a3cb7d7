"""The small package behind the lessons: one concept a module, imported where it is needed."""
