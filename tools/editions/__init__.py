"""The editions: derived from the lessons and their stored outputs, without running anything."""

import sys

# nbformat imports jsonschema, which would build a grammar of web addresses here: for seconds, and
# to check a format that notebooks do not have. It does without a module that cannot be imported.
sys.modules.setdefault("rfc3987_syntax", None)
