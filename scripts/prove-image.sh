#!/usr/bin/env bash
# Builds the Dockerfile with buildah and proves the image: what is in it, what is not, and that its agent serves as a user without
# rights on a read-only root. Needs root, buildah, busybox (static), iproute2, Node.js with npm, and npm's registry; no image registry.
#
# $1: a folder with the binary of Node.js 24 for the base image (optional; installed from npm when absent).
# Everything it makes is in one temporary folder and in namespaces that end with it: nothing is left behind.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
storage() { buildah --root "$work/storage" --runroot "$work/runroot" --storage-driver vfs "$@"; }
cleanup() {
  status=$?
  storage umount --all >/dev/null 2>&1 || true
  storage rm --all >/dev/null 2>&1 || true
  rm -rf "$work"
  exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
fail() {
  echo "image: $*" >&2
  exit 1
}
say() { echo "image: $*"; }

for tool in buildah busybox ip unshare setpriv node npm; do
  command -v "$tool" >/dev/null || fail "$tool is missing"
done

# A stand-in for the official image, laid out as that is: node and npm under /usr/local, a shell, a C library. Busybox is static, so
# the libraries that node links to are all that is taken from this machine.
make_base() {
  local root=$1 node_bin=$2 applet library
  mkdir -p "$root"/usr/{bin,lib,lib64,sbin,local/bin,local/lib/node_modules} "$root"/{dev,etc/ssl/certs,proc,sys,tmp,var/lib,root,app}
  for folder in bin lib lib64 sbin; do ln -s "usr/$folder" "$root/$folder"; done
  chmod 1777 "$root/tmp"
  cp "$(command -v busybox)" "$root/usr/bin/busybox"
  for applet in $(busybox --list); do
    [[ $applet == busybox ]] || ln -s busybox "$root/usr/bin/$applet"
  done
  cp "$node_bin/node" "$root/usr/local/bin/node"
  ldd "$node_bin/node" | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
  done
  npm install --no-save --no-audit --no-fund --ignore-scripts --prefix "$work/npm" npm@11 >/dev/null
  cp -r "$work/npm/node_modules/npm" "$root/usr/local/lib/node_modules/npm"
  for applet in npm npx; do
    ln -s "../lib/node_modules/npm/bin/$applet-cli.js" "$root/usr/local/bin/$applet"
  done
  echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
  echo 'root:x:0:' >"$root/etc/group"
}

# How npm reaches its registry here, for the build's secret: it stands in no layer and in no file of the project.
npm_settings() {
  local key value
  for key in registry cafile proxy https-proxy noproxy strict-ssl; do
    value=$(npm config get "$key" 2>/dev/null)
    case $value in '' | null | undefined) ;; *) echo "$key=$value" ;; esac
  done
  grep -hE '^(//|@)' "$(npm config get userconfig 2>/dev/null)" 2>/dev/null || true
}

node_bin=${1:-$(scripts/install-node.sh 24 "$work/node24")}
make_base "$work/base" "$node_bin"
(umask 077 && npm_settings >"$work/npmrc")
authorities=$(npm config get cafile 2>/dev/null)
if [[ -f $authorities ]]; then
  mkdir -p "$work/base$(dirname "$authorities")"
  cp -L "$authorities" "$work/base$authorities"
fi

base=$(storage from scratch)
storage copy --quiet "$base" "$work/base" / >/dev/null
storage config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$base"
storage commit --quiet --rm --format docker "$base" localhost/muster-node-base >/dev/null
say "base image made, $("$node_bin/node" --version)"

storage build --isolation chroot --format docker --pull-never --secret "id=npmrc,src=$work/npmrc" \
  --build-arg NODE_IMAGE=localhost/muster-node-base --build-arg "REVISION=$(git rev-parse HEAD 2>/dev/null || echo unknown)" \
  --tag localhost/muster .
say 'built'

container=$(storage from --pull-never localhost/muster)
root=$(storage mount "$container")
storage inspect --type image localhost/muster >"$work/image.json"
node -p 'JSON.stringify(JSON.parse(require("node:fs").readFileSync(0, "utf8")).Docker.config)' <"$work/image.json" >"$work/config.json"

node scripts/check-image.mjs "$root" "$work/config.json"
say 'what is in it, and what is not, is as it should be'

unshare --mount --pid --net --ipc --uts --fork --kill-child --mount-proc \
  scripts/run-image-read-only.sh "$root" "$work"
say 'proved'
