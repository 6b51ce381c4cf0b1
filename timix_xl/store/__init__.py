"""The record: SQLAlchemy Core over SQLite. SQL is spoken here and nowhere else."""
