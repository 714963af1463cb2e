"""Is a machine's folder of results whole and lawful, so that it may stand beside those of others?"""
