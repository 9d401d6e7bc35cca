import os
import sys
from pathlib import Path

from flask import Flask

application = Flask(__name__)


@application.route("/")
def tide():
    last = Path("/srv/checked.txt").read_text().split()[-1]
    return f"{last} in {sys.prefix} as {os.getuid()}:{os.getgid()}, {os.environ['PATH'].split(':')[0]}\n"
