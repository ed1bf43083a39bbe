import { unreachable } from '../../src/base/invariant.ts';
import type { World } from '../engine/world.ts';
import type { Action } from './action.ts';

/** What newcomers join by. */
export interface ApplyOptions {
  readonly join: readonly string[];
}

/** Does one thing to a mesh, now. What makes no sense in its present state (to pause what does not run) does nothing. */
export function apply(world: World, action: Action, { join }: ApplyOptions): void {
  switch (action.kind) {
    case 'crash':
      if (runs(world, action.host)) world.crash(action.host, action.withMachine);
      break;
    case 'restart':
      restart(world, action);
      break;
    case 'pause':
      if (runs(world, action.host)) world.pause(action.host);
      break;
    case 'resume':
      if (runs(world, action.host)) world.resume(action.host);
      break;
    case 'leave':
      if (runs(world, action.host)) world.leave(action.host);
      break;
    case 'relabel':
      if (runs(world, action.host)) world.relabel(action.host);
      break;
    case 'join':
      addHost(world, action.host, { join });
      break;
    case 'twin':
      addHost(world, action.host, { join, id: action.of });
      break;
    case 'misadvertise':
      addHost(world, action.host, { join, advertised: `nowhere-of-${action.host}:7946` });
      break;
    case 'cut':
      world.changeNetwork((network) => network.cut(action.from, action.to));
      break;
    case 'sever':
      world.changeNetwork((network) => {
        network.cut(action.host, action.other);
        network.cut(action.other, action.host);
      });
      break;
    case 'isolate':
      isolate(world, action);
      break;
    case 'partition':
      world.changeNetwork((network) => network.partition(action.groups));
      break;
    case 'loss':
      world.changeNetwork((network) => {
        network.conditions = { ...network.conditions, loss: action.share, hosts: new Set(action.hosts) };
      });
      break;
    case 'duplicate':
      world.changeNetwork((network) => {
        network.conditions = { ...network.conditions, duplication: action.share };
      });
      break;
    case 'slow':
      world.changeNetwork((network) => network.slow(action.host, action.extra));
      break;
    case 'heal':
      world.changeNetwork((network) => network.heal());
      break;
    default:
      unreachable(action);
  }
}

function runs(world: World, name: string): boolean {
  return world.hosts.get(name)?.life !== undefined;
}

function restart(world: World, action: Extract<Action, { kind: 'restart' }>): void {
  const host = world.hosts.get(action.host);
  if (host === undefined) return;
  if (host.life !== undefined) world.crash(host.name);
  if (!action.disk) host.disk = undefined;
  if (action.clock !== undefined) host.clock.ahead = action.clock;
  host.labelsSet += 1;
  world.start(host.name);
}

function addHost(world: World, name: string, options: Parameters<World['addHost']>[1]): void {
  if (world.hosts.has(name)) return;
  world.addHost(name, options);
  world.start(name);
}

function isolate(world: World, { host, way }: Extract<Action, { kind: 'isolate' }>): void {
  world.changeNetwork((network) => {
    for (const other of world.hosts.keys()) {
      if (other === host) continue;
      if (way !== 'in') network.cut(host, other);
      if (way !== 'out') network.cut(other, host);
    }
  });
}
