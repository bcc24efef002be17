"""Write the published JSON Schema anew: `make schema`, after the recommendations gained a field."""

import json
from pathlib import Path

from reports.run.data import recommendations_schema

if __name__ == "__main__":
    text = json.dumps(recommendations_schema(), indent=1, ensure_ascii=False)
    Path(__file__).with_name("recommendations.schema.json").write_text(text + "\n", encoding="utf-8")
