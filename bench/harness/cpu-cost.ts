/** How much CPU time one measurement spends, ms, and how much its warm-up does. */
const MEASURED_MS = 300;
const WARM_UP_MS = 100;

/**
 * CPU time that a piece of work takes: user and system time of this process, all its threads. It does not count the time that other
 * processes take on a busy machine.
 *
 * @param work is done again and again
 * @param units what one call of `work` counts for
 * @returns µs of CPU a unit
 */
export async function cpuCost(work: () => unknown, units = 1): Promise<number> {
  await repeat(work, WARM_UP_MS);
  const { calls, micros } = await repeat(work, MEASURED_MS);
  return micros / (calls * units);
}

async function repeat(
  work: () => unknown,
  budgetMs: number,
): Promise<{ readonly calls: number; readonly micros: number }> {
  const before = process.cpuUsage();
  for (let calls = 1; ; calls += 1) {
    const outcome = work();
    if (outcome instanceof Promise) await outcome;
    const { user, system } = process.cpuUsage(before);
    if (user + system >= budgetMs * 1_000) return { calls, micros: user + system };
  }
}
