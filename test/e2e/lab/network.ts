import { randomInt } from 'node:crypto';
import { ip, run } from './command.ts';
import { namespaceName } from './namespaces.ts';

/** The nets of management, one for each network: 198.18.0.0/15, which RFC 2544 sets apart for testing networks. */
const MANAGEMENT_NETS = 512;
/** Every network has the same: they never meet. */
const DATA_NET = '10.77.0';
export const GOSSIP_PORT = 7946;
/** The first address of a host; below it is this process. */
const FIRST_HOST = 11;

/** A machine: a network namespace with an interface for gossip (`data`) and one to be watched over (`management`). */
export interface Host {
  readonly name: string;
  readonly namespace: string;
  /** Its address for gossip, without the port. */
  readonly address: string;
  readonly gossip: string;
  /** Its address for HTTP, without the port. */
  readonly management: string;
  /** The command that puts a program onto it. */
  readonly inside: readonly ['ip', 'netns', 'exec', string];
}

/**
 * Hosts joined by a bridge, all in network namespaces of their own. Faults are on the bridge, so a host learns of them as it would of a
 * fault in the field: by silence. A second bridge, which no fault touches, joins the hosts with this process, so it sees all the time
 * what a node shows.
 */
export class Network {
  readonly hosts: readonly Host[];
  /** This process as the hosts see it, on the management side. */
  readonly observer: string;
  readonly #link: string;
  readonly #bridge: string;
  readonly #namespaces: string[] = [];
  readonly #cut = new Set<string>();
  #lossPercent = 0;

  /** @throws {Error} as of `ip`; whatever was made until then is removed */
  constructor(hostCount: number) {
    const { net, link } = takeManagementNet();
    this.observer = `${net}.1`;
    this.#bridge = namespaceName(`${link}-bridge`);
    this.#link = link;
    this.hosts = Array.from({ length: hostCount }, (_, index) => {
      const name = `h${index}`;
      const namespace = namespaceName(`${link}-${name}`);
      const address = `${DATA_NET}.${FIRST_HOST + index}`;
      const management = `${net}.${FIRST_HOST + index}`;
      const inside = ['ip', 'netns', 'exec', namespace] as const;
      return { name, namespace, address, management, gossip: `${address}:${GOSSIP_PORT}`, inside };
    });
    try {
      this.#build();
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** Lets every packet from some hosts to others vanish, one way. */
  cutOneWay(from: readonly Host[], to: readonly Host[]): void {
    for (const source of from) for (const target of to) this.#cut.add(`${source.address} . ${target.address}`);
    this.#filter();
  }

  /** Lets every packet between two groups of hosts vanish, both ways. */
  cut(some: readonly Host[], others: readonly Host[]): void {
    this.cutOneWay(some, others);
    this.cutOneWay(others, some);
  }

  /** Loses that many of a hundred packets, by chance and of either direction, between any two hosts. */
  lose(percent: number): void {
    this.#lossPercent = percent;
    this.#filter();
  }

  /** Ends all cuts and all loss. */
  heal(): void {
    this.#cut.clear();
    this.#lossPercent = 0;
    this.#filter();
  }

  /** Switches a host's interface for gossip off or on. */
  setInterface(host: Host, state: 'up' | 'down'): void {
    run([...host.inside, 'ip', 'link', 'set', 'data', state]);
  }

  /** Removes all of it. Programs that still run there keep their namespace until they end. */
  remove(): void {
    ip([`link delete ${this.#link}`]);
    for (const name of this.#namespaces.splice(0)) run(['ip', 'netns', 'delete', name]);
  }

  #build(): void {
    const link = this.#link;
    this.#addNamespace(this.#bridge);
    for (const { namespace } of this.hosts) this.#addNamespace(namespace);
    ip([
      `link set ${link}p name observer netns ${this.#bridge}`,
      `address add ${this.observer}/24 dev ${link}`,
      `link set ${link} up`,
      ...this.hosts.flatMap(({ name, namespace }) => [
        `link add name data netns ${namespace} type veth peer name d-${name} netns ${this.#bridge}`,
        `link add name management netns ${namespace} type veth peer name m-${name} netns ${this.#bridge}`,
      ]),
    ]);
    ip(
      [
        ...['data', 'management'].flatMap((bridge) => [`link add ${bridge} type bridge`, `link set ${bridge} up`]),
        'link set observer master management up',
        ...this.hosts.flatMap(({ name }) => [
          `link set d-${name} master data up`,
          `link set m-${name} master management up`,
        ]),
      ],
      this.#bridge,
    );
    for (const { address, management, namespace } of this.hosts) {
      ip(
        [
          'link set lo up',
          `address add ${address}/24 dev data`,
          'link set data up',
          `address add ${management}/24 dev management`,
          'link set management up',
        ],
        namespace,
      );
    }
    this.#filter();
  }

  #addNamespace(name: string): void {
    run(['ip', 'netns', 'add', name]);
    this.#namespaces.push(name);
  }

  /** Puts the faults of the moment in the place of the former ones, in one step. */
  #filter(): void {
    const cut = this.#cut.size === 0 ? [] : [`ip saddr . ip daddr { ${[...this.#cut].join(', ')} } drop`];
    const loss =
      this.#lossPercent === 0 ? [] : [`ip saddr ${DATA_NET}.0/24 numgen random mod 100 < ${this.#lossPercent} drop`];
    const rules = ['type filter hook forward priority 0', ...cut, ...loss].join(';\n');
    run(
      ['ip', 'netns', 'exec', this.#bridge, 'nft', '-f', '-'],
      `table bridge faults\ndelete table bridge faults\ntable bridge faults { chain forward {\n${rules};\n}\n}\n`,
    );
  }
}

/**
 * Finds a net for management that nobody uses. The link's name is taken for the whole machine at once, so two runs of the suite, or two
 * workers of one, never get the same.
 */
function takeManagementNet(): { readonly net: string; readonly link: string } {
  let problem: unknown;
  for (let tries = 0; tries < MANAGEMENT_NETS; tries += 1) {
    const index = randomInt(MANAGEMENT_NETS);
    const link = `muster${index}`;
    try {
      ip([`link add ${link} type veth peer name ${link}p`]);
      return { net: `198.${18 + Math.floor(index / 256)}.${index % 256}`, link };
    } catch (error) {
      problem = error;
    }
  }
  throw new Error('no net for management is free', { cause: problem });
}
