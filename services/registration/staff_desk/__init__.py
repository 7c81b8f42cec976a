"""The staff's desk: runs in one transaction what planners decide, and says who did it."""
