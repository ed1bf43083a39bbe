import { Command } from 'commander';
import { registerAgent } from './commands/agent.ts';
import { registerControl } from './commands/control.ts';
import { registerDemo } from './commands/demo.ts';
import { registerEvents } from './commands/events.ts';
import { registerInfo } from './commands/info.ts';
import { registerKubeconfig } from './commands/kubeconfig.ts';
import { registerLabel } from './commands/label.ts';
import { registerMembers } from './commands/members.ts';
import { registerSim } from './commands/sim.ts';
import { registerVersion } from './commands/version.ts';
import { registerWait } from './commands/wait.ts';
import { registerCompletion } from './completion/register.ts';
import { registerManual } from './manual/register.ts';
import { version } from './version.ts';

/** The command `muster` with all that it can do. What a command needs is loaded when it is used. */
export function buildProgram(): Command {
  const program = new Command('muster')
    .description('Cluster membership by gossip: every cluster of an organisation knows all the others.')
    .version(version, '-V, --version', 'print the version')
    .showHelpAfterError('(see --help)')
    .exitOverride();
  registerVersion(program);
  registerAgent(program);
  registerMembers(program);
  registerInfo(program);
  registerEvents(program);
  registerWait(program);
  registerLabel(program);
  registerControl(program);
  registerKubeconfig(program);
  registerDemo(program);
  registerSim(program);
  registerCompletion(program);
  registerManual(program, version);
  return program;
}
