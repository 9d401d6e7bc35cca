from fastapi import FastAPI

app = FastAPI(title="locks")


@app.get("/")
def state():
    return {"locks": 4, "open": 1}
