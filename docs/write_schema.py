"""Write the published JSON Schemas anew: `make schema`, after recommendations or packs gained a field."""

import json
from pathlib import Path

from reports.run.data import recommendations_schema
from rules.schema import schema_names, schema_of

if __name__ == "__main__":
    here = Path(__file__).parent
    schemas = {"recommendations.schema": recommendations_schema()}
    schemas |= {f"schemas/{name}": schema_of(name) for name in schema_names()}
    (here / "schemas").mkdir(exist_ok=True)
    for name, schema in schemas.items():
        text = json.dumps(schema, indent=1, ensure_ascii=False)
        (here / f"{name}.json").write_text(text + "\n", encoding="utf-8")
