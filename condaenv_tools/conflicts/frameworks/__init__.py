"""What goes with a framework, or any package: derived from records, so that it does not age."""
