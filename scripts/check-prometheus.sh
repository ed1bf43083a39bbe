#!/usr/bin/env bash
# Holds what Prometheus is given against Prometheus' own tool: the metrics of a running agent, the alert rules and their tests. It needs
# promtool (Debian's package prometheus) and a build in dist/.
set -euo pipefail
cd "$(dirname "$0")/.."

promtool check config --lint=all deploy/prometheus/prometheus.yaml
promtool check rules --lint=all deploy/prometheus/muster.rules.yaml
promtool test rules deploy/prometheus/muster.rules.test.yaml

log=$(mktemp)
node dist/src/cli/main.js agent --node-id promtool --gossip-bind 127.0.0.1:0 --http-bind 127.0.0.1:0 --log-format json >"$log" &
agent=$!
trap 'kill "$agent" 2>/dev/null || true; wait "$agent" 2>/dev/null || true; rm -f "$log"' EXIT
for ((tries = 0; tries < 100; tries++)); do
  address=$(sed -n 's/.*"httpAddress":"\([^"]*\)".*/\1/p' "$log")
  [[ -z $address ]] || break
  sleep 0.1
done
[[ -n $address ]] || {
  echo 'the agent does not become ready'
  exit 1
}
scrape() { node -e 'fetch(process.argv[1]).then(async (answer) => process.stdout.write(await answer.text()))' "http://$address$1"; }
# One request of each kind, so that their series are there.
scrape /api/v1alpha1/memberlist >/dev/null
scrape /nowhere >/dev/null
scrape /metrics | promtool check metrics
echo 'metrics, rules and their tests are sound'
