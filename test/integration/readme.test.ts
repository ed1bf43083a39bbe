import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it, type TestContext } from 'vitest';
import { eventually } from '../helpers/eventually.ts';
import { reservePorts } from '../helpers/ports.ts';
import { runMuster, startMuster } from '../helpers/program.ts';

const run = promisify(execFile);

/** Every line of every shell block of the README. */
const COMMANDS = [...readFileSync('README.md', 'utf8').matchAll(/^```sh\n([^]*?)^```/gm)].flatMap(([, block = '']) =>
  block.trim().split('\n'),
);

/** Splits a command of the README into words; it uses no more of the shell than single quotes. */
function words(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

const musterArguments = (command: string): string[] => words(command).slice(2);
const agents = COMMANDS.filter((command) => /^npx muster agent (?!.*--print-config)/.test(command));
const questions = COMMANDS.filter((command) => /^npx muster (?!agent )/.test(command));
const requests = COMMANDS.filter((command) => command.startsWith('curl -s '));
const others = COMMANDS.filter((command) => ![...agents, ...questions, ...requests].includes(command));

/** The agents of the README as they stand there, on ports that are free here; ready, and ended with the test. */
async function startAgents({ onTestFinished }: TestContext): Promise<(text: string) => string> {
  const ports = ['7946', '7947', '8080', '8081'];
  const free = await reservePorts(ports.length);
  const moved = (text: string): string =>
    ports.reduce((result, port, index) => result.replaceAll(`:${port}`, `:${free[index]}`), text);
  const defaults = ['--gossip-bind', moved('127.0.0.1:7946'), '--http-bind', moved('127.0.0.1:8080')];
  for (const command of agents) {
    const child = startMuster(['agent', ...defaults, ...musterArguments(moved(command)).slice(1)], { bound: true });
    onTestFinished(() => void child.kill('SIGKILL'));
  }
  await eventually({
    what: 'two HEALTHY members',
    deadlineMs: 15_000,
    read: async () => (await fetch(moved('http://127.0.0.1:8080/api/v1alpha1/memberlist?peerState=HEALTHY'))).json(),
    until: (list) => Array.isArray(list) && list.length === 2,
  });
  return moved;
}

describe('the commands of the README', () => {
  it('are these, and each is run here or by CI', () => {
    expect(agents).toHaveLength(2);
    expect(questions).toHaveLength(7);
    expect(requests).toHaveLength(2);
    expect(others).toEqual([
      'npm ci && npm run demo',
      'npm ci && npm test',
      'npm run build',
      'npx muster agent --config examples/muster.yaml --print-config',
    ]);
    const ci = readFileSync('.ci/run', 'utf8');
    expect(ci).toMatch(/^step .* npm ci$/m);
    expect(ci).toMatch(/^ {2}npm test /m);
    expect(ci).toMatch(/^step .* npm run demo /m);
  });

  it('form a mesh that answers the requests and the questions', async (context) => {
    const moved = await startAgents(context);
    for (const command of requests) {
      const answer = await fetch(moved(words(command)[2] ?? ''));
      expect(answer.status, command).toBe(200);
      expect(await answer.json(), command).toContainEqual(expect.objectContaining({ id: 'prod-eu' }));
    }
    for (const command of questions) {
      const args = [...musterArguments(command), '--http', moved('http://127.0.0.1:8080')];
      const { code, stdout } = await runMuster(args);
      expect(code, command).toBe(0);
      expect(stdout, command).toMatch(/prod-eu|healthy=2|tier=edge/);
    }
  });

  it('print the configuration of the example file', async () => {
    const { code, stdout } = await runMuster(['agent', '--config', 'examples/muster.yaml', '--print-config']);
    expect(code).toBe(0);
    expect(stdout).toContain('nodeId: prod-eu');
  });

  it('run the demo', async () => {
    const { code, stdout } = await runMuster(['demo', '--for', '5s']);
    expect(stdout).toContain('all 5 clusters see 5 HEALTHY');
    expect(code).toBe(0);
  });

  it('find the command by its name', async () => {
    const { stdout } = await run('npx', ['muster', 'version'], { timeout: 20_000 });
    expect(stdout).toMatch(/^muster \d+\.\d+\.\d+ \(node v/);
  });
});
