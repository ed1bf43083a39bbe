#!/usr/bin/env bash
# install-node.sh MAJOR FOLDER: installs the newest Node.js MAJOR into FOLDER (created) and prints the folder of its `node` binary.
#
# The npm package `node` fetches the package of its platform in an install script; asking for that package itself gives the same
# binary also where install scripts are off.
set -euo pipefail

major=$1 into=$2
package="node-linux-$(node -p process.arch)"
mkdir -p "$into"
npm install --no-save --no-audit --no-fund --ignore-scripts --prefix "$into" "$package@$major" >&2

bin="$into/node_modules/$package/bin"
version=$("$bin/node" --version)
[[ $version == "v$major".* ]] || {
  echo "expected Node.js $major from $package, got $version" >&2
  exit 1
}
echo "$bin"
