import { CommanderError } from 'commander';
import { ExitCode } from './exit-code.ts';
import { buildProgram } from './program.ts';
import { reportUnexpected } from './unexpected.ts';

process.on('uncaughtException', (error) => {
  reportUnexpected(error);
  process.exit(ExitCode.failed);
});

void run();

async function run(): Promise<void> {
  try {
    await buildProgram().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has already said what was wrong; help and version, asked for, are no mistake.
      process.exitCode = error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    } else {
      reportUnexpected(error);
      process.exitCode = ExitCode.failed;
    }
  }
}
