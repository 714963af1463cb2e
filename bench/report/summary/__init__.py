"""Summaries for a job's page and for a comment on a pull request, in GitHub's Markdown."""
