"""The version of the engine: it stands in every dossier and in the key of every finished stage."""

VERSION = "0.1.0"
