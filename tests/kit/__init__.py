"""Builders for tests: installations, people, papers, and players of stories. Functions, no mocks, nothing global."""
