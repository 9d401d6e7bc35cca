import sys

import fastapi
import starlette

print(f"{len(sys.argv) - 1} words, {fastapi.__version__} on {starlette.__version__}")
