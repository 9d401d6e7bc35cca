import os

from fastapi import FastAPI

app = FastAPI()


@app.get("/books")
def books():
    return {"books": 2, "reader": os.getuid(), "home": oct(os.stat(os.path.expanduser("~/.local")).st_mode)}
