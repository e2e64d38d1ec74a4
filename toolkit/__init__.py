"""Do every agent of Supabase and its LangGraph assistant still bear the same id?"""

__version__ = "0.1.0"
