"""JupyterHub for a class: one course that nobody can write, own notebooks for everybody.

docs/hub.md says how to set it up. The limits follow from docs/memory.csv.
"""

import os
from pathlib import Path

COURSE = Path(os.environ.get("COURSE", "/srv/convnet-course"))
MINUTE = 60

c = get_config()  # noqa: F821

c.JupyterHub.spawner_class = "systemdspawner.SystemdSpawner"
c.SystemdSpawner.readonly_paths = [str(COURSE)]
c.SystemdSpawner.isolate_tmp = True
c.PAMAuthenticator.allow_all = True

c.Spawner.cmd = [str(COURSE / ".venv/bin/python"), str(Path(__file__).with_name("singleuser.py"))]
c.Spawner.default_url = "/lab/tree/course/00_welcome.ipynb"
c.Spawner.mem_limit = "3072M"
c.Spawner.start_timeout = 2 * MINUTE
c.Spawner.http_timeout = 2 * MINUTE
c.Spawner.args = [
    f"--MappingKernelManager.cull_idle_timeout={20 * MINUTE}",
    "--MappingKernelManager.cull_connected=True",
    f"--ServerApp.shutdown_no_activity_timeout={120 * MINUTE}",
]
c.Spawner.environment = {
    "COURSE": str(COURSE),
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    **{name: os.environ[name] for name in ("COURSE_CLASS",) if name in os.environ},
}
