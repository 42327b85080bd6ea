"""What each dataset is, and how it is read and written."""
