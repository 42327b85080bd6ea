"""Sources to documents: politely fetch what outlets list, and keep every page exactly as it was received."""
