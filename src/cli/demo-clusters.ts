/** A cluster that is not there, as its agent tells the others of it. */
export interface DemoCluster {
  readonly name: string;
  readonly apiEndpoint: string;
  readonly apiPort: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** Name, environment, region, provider, tier, and the port of the auth server. */
const FLEET = [
  ['prod-eu-west', 'prod', 'eu-west-1', 'aws', 'core', 443],
  ['prod-us-east', 'prod', 'us-east-1', 'aws', 'core', 443],
  ['prod-ap-tokyo', 'prod', 'asia-northeast1', 'gcp', 'core', 443],
  ['prod-sa-paulo', 'prod', 'sa-east-1', 'aws', 'edge', 8443],
  ['staging-eu', 'staging', 'europe-west3', 'gcp', 'core', 443],
  ['prod-af-cape', 'prod', 'southafricanorth', 'azure', 'edge', 8443],
  ['prod-au-sydney', 'prod', 'australiaeast', 'azure', 'core', 443],
  ['prod-in-mumbai', 'prod', 'ap-south-1', 'aws', 'edge', 8443],
  ['dev-us-west', 'dev', 'us-west-2', 'aws', 'sandbox', 9443],
  ['prod-me-dubai', 'prod', 'uaenorth', 'azure', 'edge', 8443],
  ['batch-ca-montreal', 'prod', 'northamerica-northeast1', 'gcp', 'batch', 443],
  ['lab-eu-helsinki', 'dev', 'hel1', 'hetzner', 'sandbox', 9443],
] as const;

const KUBERNETES_API_PORT = 6_443;

/** As many made-up clusters as wanted, each with a name of its own: first a dozen, then the same regions with numbers. */
export function demoClusters(wanted: number): readonly DemoCluster[] {
  return Array.from({ length: Math.ceil(wanted / FLEET.length) }, (_, round) =>
    FLEET.map(([place, env, region, provider, tier, apiPort]): DemoCluster => {
      const name = round === 0 ? place : `${place}-${round + 1}`;
      const apiEndpoint = `https://api.${name}.example.com:${KUBERNETES_API_PORT}`;
      return { name, apiEndpoint, apiPort, labels: { env, region, provider, tier } };
    }),
  )
    .flat()
    .slice(0, wanted);
}
