"""Pure functions of arrays, each citing the paper its symbols come from. They know no person, question or file."""
