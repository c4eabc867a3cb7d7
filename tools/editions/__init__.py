"""The editions: derived from the lessons and their stored outputs, without running anything."""
