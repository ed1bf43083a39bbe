import { test } from 'vitest';
import { Agents } from '../helpers/agents.ts';
import { fuzzHttp } from '../helpers/http-fuzz.ts';
import { MEASURABLE } from '../helpers/measurable.ts';

test('2,000 random and hostile requests do no harm', async (context) => {
  const agents = new Agents(MEASURABLE);
  context.onTestFinished(async () => agents.dispose());
  await fuzzHttp(agents, 2_000);
});
