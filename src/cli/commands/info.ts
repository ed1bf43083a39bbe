import type { Command } from 'commander';
import type { InfoFlags } from '../info.ts';
import { TOKEN_HELP, withNode } from './node-option.ts';

/** Registers `muster info`. */
export function registerInfo(program: Command): void {
  withNode(program.command('info').description('tell what a node has to say of itself and how its mesh is'))
    .option('-o, --output <text|json|yaml>', 'the form; default text')
    .addHelpText(
      'after',
      `
${TOKEN_HELP}

Examples:
  muster info
  muster info --http http://10.0.3.7:8080
  muster info -o json | jq .members.healthy`,
    )
    .action(async (flags: InfoFlags) => {
      const { runInfo } = await import('../info.ts');
      process.exitCode = await runInfo(flags);
    });
}
