#!/usr/bin/env bash
# run-image-read-only.sh ROOT WORK: runs an image's own command on a read-only view of its root, as the image's user, and asks its own
# health check. WORK is a folder with the image's configuration, config.json. To be started by prove-image.sh in fresh mount, process
# and network namespaces: every mount and process made here ends with them, and no port here is a port of the machine.
set -euo pipefail

root=$1 mnt=$2/mnt config=$2/config.json log=$2/agent.log
mkdir "$mnt"
fail() {
  echo "image: $*" >&2
  cat "$log" >&2
  exit 1
}
# Prints what an expression gives for the image's configuration, an item a line.
read_config() {
  node -p "const config = JSON.parse(require('node:fs').readFileSync(0, 'utf8')); [$1].flat().join('\n')" <"$config"
}

mapfile -t environment < <(read_config 'config.Env')
mapfile -t command < <(read_config 'config.Entrypoint, config.Cmd')
mapfile -t health < <(read_config 'config.Healthcheck.Test.slice(1)')
IFS=: read -r uid gid < <(read_config 'config.User')
workdir=$(read_config 'config.WorkingDir')

ip link set lo up
mount --bind "$root" "$mnt"
mount -o remount,bind,ro "$mnt"
mount -t proc -o nosuid,nodev,noexec proc "$mnt/proc"
mount -t tmpfs -o nosuid,size=64k,mode=755 tmpfs "$mnt/dev"
for device in null zero urandom; do
  touch "$mnt/dev/$device"
  mount --bind "/dev/$device" "$mnt/dev/$device"
done
mount -o remount,ro "$mnt/dev"

# Tried as root: a user without rights would be refused on any root.
touch "$mnt/app/x" 2>"$log" && fail 'the root is not read-only'
grep -q 'Read-only file system' "$log" || fail 'the root refuses to be written for another reason'

# Replaces the shell by a program of the image, as an OCI runtime would: its environment, folder, user, no right to gain any.
in_image() {
  exec env -i "${environment[@]}" MUSTER_NODE_ID=image-proof MUSTER_GOSSIP_ADVERTISE=127.0.0.1:7946 MUSTER_HTTP_INSECURE=true "${extra[@]}" \
    /usr/bin/setpriv --clear-groups --no-new-privs \
    /usr/bin/unshare --root "$mnt" --wd "$workdir" --setgid "$gid" --setuid "$uid" "$@"
}

# One field of the kernel's word on a process: status_of PID FIELD.
status_of() { awk -v field="$2:" '$1 == field { $1 = ""; sub(/^ /, ""); print }' "/proc/$1/status"; }

agent_lives_and_leaves() {
  extra=("$@")
  local pid tries status=0
  (in_image "${command[@]}") >"$log" 2>&1 &
  pid=$!
  for ((tries = 0; ; tries++)); do
    kill -0 "$pid" 2>/dev/null || fail 'the agent ended by itself'
    (in_image "${health[@]}") >/dev/null 2>&1 && break
    ((tries < 100)) || fail 'the health check never passed'
    sleep 0.2
  done
  [[ $(readlink "/proc/$pid/exe") == */node ]] || fail "process $pid is not node"
  [[ $(status_of "$pid" Uid) == "$uid $uid $uid $uid" ]] || fail "the agent runs as user $(status_of "$pid" Uid)"
  [[ $(status_of "$pid" Gid) == "$gid $gid $gid $gid" ]] || fail "the agent runs as group $(status_of "$pid" Gid)"
  [[ $(status_of "$pid" CapPrm) =~ ^0+$ ]] || fail "the agent has the rights $(status_of "$pid" CapPrm)"
  echo "image: serves as user $uid without rights, root read-only"

  kill -TERM "$pid"
  for ((tries = 0; ; tries++)); do
    kill -0 "$pid" 2>/dev/null || break
    ((tries < 75)) || fail 'the agent does not end on SIGTERM'
    sleep 0.2
  done
  wait "$pid" || status=$?
  [[ $status == 0 ]] || fail "the agent ended with status $status"
  (in_image "${health[@]}") >/dev/null 2>&1 && fail 'the health check passes without an agent'
  echo 'image: leaves on SIGTERM with status 0'
}

agent_lives_and_leaves

# A volume is the one place that it writes to, and it can.
volume="$mnt/var/lib/muster"
mount -t tmpfs -o "nosuid,nodev,noexec,size=16m,mode=700,uid=$uid,gid=$gid" tmpfs "$volume"
agent_lives_and_leaves MUSTER_DATA_DIR=/var/lib/muster
[[ -n $(find "$volume" -type f -size +0) ]] || fail 'the data folder is empty: no snapshot was kept'
echo 'image: keeps its snapshot on a volume'
