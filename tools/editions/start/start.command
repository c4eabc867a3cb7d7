#!/bin/sh
# Start the course on macOS by a double click.
exec sh "$(dirname "$0")/start.sh"
