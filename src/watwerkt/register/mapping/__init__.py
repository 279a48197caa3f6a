"""A service's own files mapped to the register standard, every row told: a mapping declared, read and carried out."""

from watwerkt.register.mapping.declared import read_mapping, shipped, text_of
from watwerkt.register.mapping.deliver import map_delivery

__all__ = ["map_delivery", "read_mapping", "shipped", "text_of"]
