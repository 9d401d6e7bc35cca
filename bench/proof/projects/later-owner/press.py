import os
from pathlib import Path

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def sheet():
    Path("printed/last").write_text("one\n")
    return {"notices": sorted(path.name for path in Path("/opt/notices").iterdir()), "user": os.getuid(), "owner": os.stat("press.py").st_uid}
