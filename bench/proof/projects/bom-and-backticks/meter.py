import os
from pathlib import Path

import uvicorn
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def reading():
    return {"folder": os.environ["FOLDER"], "revision": Path("revision.txt").read_text().strip(), "user": os.getuid()}


uvicorn.run(app, host="0.0.0.0", port=3208)
