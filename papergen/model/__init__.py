"""What plans, registers, papers and brands hold: frozen pydantic models, each field described."""
