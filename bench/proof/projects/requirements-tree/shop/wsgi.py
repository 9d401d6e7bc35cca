import os
from pathlib import Path

from flask import Flask, __version__

application = Flask(__name__)


@application.route("/")
def index():
    return f"{Path('public/index.html').read_text().strip()} with {__version__} as {os.getuid()}\n"
