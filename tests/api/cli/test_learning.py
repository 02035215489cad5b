"""`smsvet learn`: from a table of decisions to a policy with learned evidence."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from command_line import run  # type: ignore[import-not-found]

from smsvet.files.location import CONTENT
