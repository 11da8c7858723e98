"""The pages in a real browser, used as operators use them: by labels, by keys, on a phone, without scripts."""
