import { patchLabels } from './client/local.ts';
import type { Fleet } from './demo-fleet.ts';
import type { Scene } from './demo-frame.ts';
import { Choice, type DemoCommand, type DemoDeed } from './demo-keys.ts';
import type { DemoNetwork } from './demo-network.ts';
import { type DemoNode, StartFailed } from './demo-node.ts';
import type { DemoScreen } from './demo-screen.ts';

const TIERS = ['core', 'edge', 'batch'];

interface Stage {
  readonly fleet: Fleet;
  /** At least one. */
  readonly nodes: readonly DemoNode[];
  /** Absent: the agents call each other directly, and none can be cut off. */
  readonly network: DemoNetwork | undefined;
  readonly screen: DemoScreen;
  /** Is called when somebody wants the end. */
  readonly quit: () => void;
}

/** Does what keys ask for. Each deed is said at once, so that what the mesh notices of it can be read beneath. */
export class DemoShow {
  readonly #stage: Stage;
  readonly #choice: Choice;
  /** Nodes that something is being done to. */
  readonly #busy = new Set<DemoNode>();
  readonly #tiers = new Map<DemoNode, string>();
  #help = false;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#choice = new Choice(stage.nodes.length);
    stage.screen.showKeys(() => this.#keys());
    stage.screen.say('press k to kill the cluster marked ▸, and see how soon the others notice');
  }

  /** Takes a key. What takes longer goes on by itself. */
  take(command: DemoCommand): void {
    switch (command.do) {
      case 'quit':
        this.#stage.quit();
        return;
      case 'help':
        this.#help = !this.#help;
        break;
      case 'move':
        this.#choice.move(command.by);
        break;
      case 'digit':
        this.#choice.type(command.digit, performance.now());
        break;
      default:
        void this.#do(command.do);
    }
    this.#stage.screen.draw();
  }

  get #chosen(): DemoNode {
    const node = this.#stage.nodes[this.#choice.at];
    if (node === undefined) throw new Error('a node is chosen');
    return node;
  }

  #keys(): Scene['keys'] {
    const { cluster, pid, addresses } = this.#chosen;
    const details = `${cluster.name}: its page is ${addresses.http.href}, its pid ${pid}`;
    return { chosen: this.#choice.at, details, help: this.#help };
  }

  async #do(deed: DemoDeed): Promise<void> {
    const node = this.#chosen;
    const { name } = node.cluster;
    this.#help = false;
    if (this.#busy.has(node)) {
      this.#stage.screen.say(`${name} is busy: one moment`);
      return;
    }
    this.#busy.add(node);
    try {
      await this.#deeds[deed](node, name);
    } catch (error) {
      if (!(error instanceof StartFailed)) throw error;
      this.#stage.screen.say([error.message, ...error.errors.slice(-1)].join(': '));
    } finally {
      this.#busy.delete(node);
    }
  }

  readonly #deeds: Readonly<Record<DemoDeed, (node: DemoNode, name: string) => void | Promise<void>>> = {
    kill: (node, name) => {
      if (node.process === 'ended') return this.#stage.screen.say(`${name} has ended already: r starts it anew`);
      const { pid } = node;
      node.kill();
      this.#tell(name, 'kill', `killed ${name}: SIGKILL to pid ${pid}`);
    },
    pause: (node, name) => {
      if (node.process === 'ended') return this.#stage.screen.say(`${name} has ended: r starts it anew`);
      if (node.process === 'paused') {
        node.resume();
        this.#tell(name, 'resume', `${name} goes on: SIGCONT to pid ${node.pid}`);
      } else {
        node.pause();
        this.#tell(name, 'pause', `paused ${name}: SIGSTOP to pid ${node.pid}`);
      }
    },
    cut: (node, name) => {
      const { network } = this.#stage;
      if (network === undefined)
        return this.#stage.screen.say('so many clusters call each other directly: none can be cut off');
      if (node.isCut) {
        network.mend(name);
        this.#tell(name, 'mend', `mended the network of ${name}`);
      } else {
        network.cut(name);
        this.#tell(name, 'cut', `cut ${name} off: nothing reaches it, and nothing that it sends arrives`);
      }
    },
    restart: async (node, name) => {
      const verb = node.process === 'ended' ? 'start' : 'restart';
      this.#tell(name, verb, `${verb}ing ${name} …`);
      await this.#stage.fleet.restart(node);
      this.#tiers.delete(node);
      this.#stage.screen.say(`${name} is ready as a new process, pid ${node.pid}`);
    },
    relabel: async (node, name) => {
      const tier = this.#nextTier(node);
      const outcome = await patchLabels({ url: node.addresses.http }, { tier });
      if (!outcome.ok) return this.#stage.screen.say(`${name} has no other label: ${outcome.error.message}`);
      this.#tiers.set(node, tier);
      this.#tell(name, 'relabel', `${name} has the label tier=${tier} now`);
    },
  };

  #tell(name: string, deed: string, line: string): void {
    this.#stage.screen.did(name, deed);
    this.#stage.screen.say(line);
  }

  #nextTier(node: DemoNode): string {
    const tier = this.#tiers.get(node) ?? node.cluster.labels['tier'] ?? '';
    return TIERS[(TIERS.indexOf(tier) + 1) % TIERS.length] ?? tier;
  }
}
