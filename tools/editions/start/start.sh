#!/bin/sh
# Start the course on Linux or macOS: sh start.sh
cd "$(dirname "$0")" || exit 1
for python in python3.12 python3.13 python3.11 python3 python; do
    if "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
    then
        exec "$python" start/start.py "$@"
    fi
done
echo "The course needs Python 3.11, 3.12 or 3.13: https://www.python.org/downloads/" >&2
exit 1
