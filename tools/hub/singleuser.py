"""Start the server of one student: lay out the lessons in the home folder, then run Jupyter.

JupyterHub runs this as the student, so that nothing of it needs the rights of the hub.
"""

import os
import sys
from pathlib import Path

COURSE = Path(os.environ["COURSE"])
sys.path += [str(COURSE / "start"), str(COURSE / "tools/editions/start")]  # release, checkout

from work import lay_out  # noqa: E402

for sentence in lay_out(COURSE / "notebooks", Path.home() / "course"):
    print(sentence, file=sys.stderr)
os.execv(sys.executable, [sys.executable, "-m", "jupyterhub.singleuser", *sys.argv[1:]])
