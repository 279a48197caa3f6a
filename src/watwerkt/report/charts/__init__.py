"""One grammar for every picture: own SVG, coordinates from Python, classes for colour, no ids, no script."""
