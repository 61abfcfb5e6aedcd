"""A Google Drive for tests: speaks the REST API of version 3, is validated by Google's own description of it."""
