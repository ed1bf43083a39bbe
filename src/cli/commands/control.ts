import type { Command } from 'commander';
import type { NodeFlags } from '../client/node-access.ts';
import type { LeaveFlags } from '../leave.ts';
import { TOKEN_HELP, withNode } from './node-option.ts';

const RIGHTS_HELP = `Without a login only the machine of the node may do this.
${TOKEN_HELP}`;

/** Registers `muster join`, `muster leave` and `muster forget`: what changes the mesh. */
export function registerControl(program: Command): void {
  withNode(program.command('join').description('have a node try further addresses to find its mesh by'))
    .argument('<address...>', 'HOST:PORT, dns://NAME:PORT or dns+srv://_SERVICE._PROTO.NAME of other nodes')
    .addHelpText(
      'after',
      `
The node keeps the addresses until it stops; what shall outlast that belongs in
its configuration. This command does not wait for the node to find somebody.
${RIGHTS_HELP}

Examples:
  muster join 10.0.3.7:7946
  muster join dns://muster.example.com:7946 && muster wait --for 'healthy>=2'`,
    )
    .action(async (addresses: readonly string[], flags: NodeFlags) => {
      const { runJoin } = await import('../join.ts');
      process.exitCode = await runJoin(addresses, flags);
    });

  withNode(
    program.command('leave').description('have a node leave its mesh; it is back when its agent is started again'),
  )
    .option('-y, --yes', 'do not ask; needed where there is no terminal')
    .addHelpText(
      'after',
      `
The others show the node as left at once. It goes on to serve what it knows, not
ready, until it is stopped.
${RIGHTS_HELP}

Examples:
  muster leave
  muster leave --yes --http http://127.0.0.1:8081`,
    )
    .action(async (flags: LeaveFlags) => {
      const { runLeave } = await import('../leave.ts');
      process.exitCode = await runLeave(flags);
    });

  withNode(program.command('forget').description('take a dead member from every memberlist before its time'))
    .argument('<id>', 'of the member; it must be DEAD')
    .addHelpText(
      'after',
      `
${RIGHTS_HELP}

Examples:
  muster forget prod-us
  muster members --state DEAD -o name | xargs -n 1 muster forget`,
    )
    .action(async (id: string, flags: NodeFlags) => {
      const { runForget } = await import('../forget.ts');
      process.exitCode = await runForget(id, flags);
    });
}
