import os
from pathlib import Path

import uvicorn
from fastapi import FastAPI

app = FastAPI()
version = (Path(__file__).parent / "version.txt").read_text().strip()


@app.get("/")
def almanac():
    return {"version": version, "user": os.getuid()}


uvicorn.run(app, host="0.0.0.0", port=3204)
