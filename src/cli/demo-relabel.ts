import { err, ok, type Result } from '../base/result.ts';
import { LOCAL_METADATA_PATH } from '../http/paths.ts';

const ANSWER_MS = 2_000;

/**
 * Gives a cluster a label, as a program beside its agent would: over the agent's HTTP API.
 *
 * @param http where the agent is
 * @returns nothing, or why it did not work, in words that follow the cluster's name
 */
export async function relabel(http: URL, key: string, value: string): Promise<Result<undefined, string>> {
  try {
    const answer = await fetch(new URL(LOCAL_METADATA_PATH, http), {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({ labels: { [key]: value } }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    await answer.body?.cancel();
    return answer.ok ? ok(undefined) : err(`answers ${answer.status}`);
  } catch {
    return err('does not answer');
  }
}
