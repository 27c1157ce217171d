"""What templates and texts share: tags, pieces, code, the state of a run, values put into XML."""
