"""`papergen schema`: the JSON Schemas by which an editor completes and checks the source files."""

from __future__ import annotations

from pathlib import Path

import click

from papergen.cli.output import say, say_json


@click.command(short_help="Print the JSON Schemas of the files papergen reads.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write plan.json, bodies.json, paper.json and brand.json here.",
)
def schema(out: Path | None) -> None:
    """Print the JSON Schemas of plan, bodies, paper and brand, as one JSON object by name.

    With --out each is written to a file of its own. An editor with a YAML language server then
    completes and checks a file whose first line is `# yaml-language-server: $schema=` and the path
    of its schema.
    """
    import json

    from papergen.errors import check
    from papergen.model.schema import json_schemas
    from papergen.storage.files import obstacle, prepare_folder, write_atomic

    schemas = json_schemas()
    if out is None:
        say_json(schemas)
        return
    prepare_folder(out)
    paths = [out / f"{name}.json" for name in schemas]
    check(filter(None, map(obstacle, paths)))
    for path, content in zip(paths, schemas.values(), strict=True):
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        write_atomic(path, text.encode())
        say(str(path))
