import { loadScenario, shippedScenarios } from '../scenario/files.ts';
import { SUCCEEDED } from './flags.ts';

/** `muster sim list`: the shipped scenarios, each with its size and what it is about. Answers the exit code. */
export async function runSimList(): Promise<number> {
  const names = await shippedScenarios();
  const widest = Math.max(0, ...names.map((name) => name.length));
  for (const name of names) {
    const loaded = await loadScenario(name);
    if (!loaded.ok) throw new Error(loaded.error.join('; '));
    const { about, nodes } = loaded.value;
    process.stdout.write(`${name.padEnd(widest)}  ${String(nodes).padStart(3)} nodes  ${firstSentence(about)}\n`);
  }
  return SUCCEEDED;
}

function firstSentence(about: readonly string[]): string {
  const [sentence] = /^.*?[.](?=\s|$)/.exec(about.join(' ')) ?? [];
  return sentence ?? about.join(' ');
}
