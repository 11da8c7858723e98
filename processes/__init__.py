"""The whistle service in its own words: county folders, people, whistles, work on tasks, papers, stories and queries."""
