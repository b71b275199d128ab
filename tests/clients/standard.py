"""What the Python tests share: the region that runs, and the standard's searches."""

import json
import os
import pathlib

BASE = os.environ["TIJDIG_FHIR"]
TOKEN = os.environ["TIJDIG_TOKEN"]
PATIENTS = os.environ["TIJDIG_PATIENTS"].split()
SEARCHES = json.loads((pathlib.Path(__file__).parent / "searches.json").read_text())
