"""An officer's own list of actions, in Excel or CSV, read into the values of a plan."""
