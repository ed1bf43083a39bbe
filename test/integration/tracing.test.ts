import { expect, test } from 'vitest';
import { AgentProcess, allHealthy, MEMBERLIST } from '../helpers/agent-process.ts';
import { eventually } from '../helpers/eventually.ts';
import { type CollectedSpan, SpanCollector } from '../helpers/span-collector.ts';

const FORMED_MS = 20_000;
const SPANS_MS = 10_000;
const SERVER = 2;
const CLIENT = 3;

test('a handshake is one trace across both nodes, and a request is a span', async (context) => {
  const collector = await new SpanCollector().start();
  context.onTestFinished(async () => collector.stop());
  const launch = (id: string, ...flags: string[]) => {
    const agent = new AgentProcess(id, ['--mesh', 'traced', ...flags], { env: collector.env(id) });
    context.onTestFinished(() => agent.kill('SIGKILL'));
    return agent;
  };
  const first = await launch('a').ready();
  const second = await launch('b', '--join', first.gossip).ready();
  await second.waitFor(allHealthy('a', 'b'), FORMED_MS, 'the pair');
  expect((await second.get(`${MEMBERLIST}?labelSelector=secret`)).status).toBe(200);

  const find = (wanted: Partial<CollectedSpan>) =>
    collector.spans.filter((span) => Object.entries(wanted).every(([key, value]) => Reflect.get(span, key) === value));
  /** The steps of one handshake, as its trace tells them. */
  const steps = ({ traceId, spanId }: CollectedSpan) =>
    find({ traceId, parentSpanId: spanId, kind: CLIENT }).flatMap((call) =>
      find({ traceId, parentSpanId: call.spanId, kind: SERVER }).map(
        (answer) => `${call.name.split('/').at(-1)}: ${call.node} to ${answer.node}`,
      ),
    );
  await eventually({
    what: 'a whole handshake is one trace',
    deadlineMs: SPANS_MS,
    read: () => find({ name: 'gossip.handshake', node: 'b' }).map(steps),
    until: (all) => all.some((each) => each.join() === 'SendHeartbeat: b to a,SendDiff: b to a'),
  });
  await eventually({
    what: 'the request is a span with its route and status, and without its query',
    deadlineMs: SPANS_MS,
    read: () => find({ node: 'b' }).filter(({ attributes }) => attributes['http.route'] === MEMBERLIST),
    until: (spans) => spans.some(({ attributes }) => Number(attributes['http.response.status_code']) === 200),
  });
  expect(JSON.stringify(find({ node: 'b' }).map(({ attributes }) => attributes))).not.toContain('secret');
  const leaving = second;
  leaving.kill('SIGTERM');
  expect(await leaving.exited).toEqual({ code: 0, signal: null });
});
