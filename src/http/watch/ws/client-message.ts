import * as z from 'zod';
import { err, ok, type Result } from '../../../base/result.ts';

const channel = z
  .string()
  .regex(/^watch:[A-Za-z0-9._-]{1,64}$/, 'must be watch: and 1 to 64 letters, digits, ., _ or -');

/** What a client subscribes to: as in the query of the memberlist, and where to resume. */
const subscription = z.strictObject({
  labelSelector: z.string().optional(),
  peerState: z.union([z.string(), z.array(z.string())]).optional(),
  resumeFrom: z.string().optional(),
});

/** The fields of the envelope that a client need not give are ignored when it does. */
const message = z.discriminatedUnion('type', [
  z.object({ type: z.literal('subscribe'), channel, payload: subscription.default({}) }),
  z.object({ type: z.literal('unsubscribe'), channel }),
  z.object({ type: z.literal('ping'), payload: z.json().optional() }),
  z.object({ type: z.literal('pong') }),
]);

export type ClientMessage = z.infer<typeof message>;

/**
 * Reads what a client sent.
 *
 * @returns the message, or what is wrong with it and where
 */
export function readClientMessage(text: string): Result<ClientMessage, string> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return err('the message is not JSON');
  }
  const parsed = message.safeParse(content);
  if (parsed.success) return ok(parsed.data);
  return err(
    parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the message'}: ${message}`).join('; '),
  );
}
