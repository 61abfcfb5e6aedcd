"""Looks into a daemon's database, while it runs or after it has ended."""

import sqlite3
from contextlib import closing
from pathlib import Path
