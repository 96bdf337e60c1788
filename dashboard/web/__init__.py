"""What stands between the network and the pages: headers, limits, the way back after signing in, logs."""
