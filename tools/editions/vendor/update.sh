#!/bin/sh
# Fetches the vendored JavaScript from the npm registry again, in the versions of README.md.
# A new version: change it here and there, run this, then `python -m pytest tests/tools/editions`.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fetch() { # package, version, then pairs of file in the package and file here
    archive=$(npm pack --silent --pack-destination "$work" "$1@$2")
    shift 2
    while [ $# -gt 0 ]; do
        tar -xzOf "$work/$archive" "package/$1" > "$2"
        shift 2
    done
}
widgets=@jupyter-widgets # from where html-manager asks for its fonts
fetch reveal.js 5.2.1 dist/reveal.js reveal/reveal.js dist/reveal.css reveal/reveal.css \
    plugin/notes/notes.js reveal/notes.js LICENSE reveal/LICENSE
fetch requirejs 2.3.8 require.js require/require.js
fetch @jupyter-widgets/html-manager 1.0.15 dist/embed-amd.js $widgets/html-manager/dist/embed-amd.js \
    dist/1551f4f60c37af51121f.woff2 $widgets/1551f4f60c37af51121f.woff2 \
    dist/7a3337626410ca2f4071.woff2 $widgets/7a3337626410ca2f4071.woff2
