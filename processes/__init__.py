"""The whistle service in its own words: county folders, people, whistles, work, papers, stories and queries."""
