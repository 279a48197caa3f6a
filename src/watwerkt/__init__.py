"""watwerkt tells an employment service what works."""
