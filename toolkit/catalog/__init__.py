"""The catalog: kinds of findings, places of references, and what must be known of a database."""
