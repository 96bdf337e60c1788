"""Parts: pieces of a page that views place. Their HTML is our own, and every word in it is escaped."""
