import os

from fastapi import FastAPI
from transformers import pipeline

app = FastAPI()
classify = pipeline("praise", model="small")


@app.get("/praise")
def praise():
    return {"answer": classify("a very fine day")[0], "root": os.getuid() == 0}
