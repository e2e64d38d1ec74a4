"""The toolkit: diagnosis, repair and proof of the ids between Supabase agents and their LangGraph assistants."""

__version__ = "0.1.0"
