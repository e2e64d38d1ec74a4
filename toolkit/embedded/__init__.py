"""Which PostgreSQL server does the sandbox run on, and who still uses it?"""
