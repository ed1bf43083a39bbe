import cliProgress from 'cli-progress';

/** A bar on standard error while something runs, where that is a terminal; else nothing. */
export interface Progress {
  /** @param share of the whole that is done, 0 to 1 */
  show(share: number): void;
  end(): void;
}

const NOTHING: Progress = { show: () => undefined, end: () => undefined };
const STEPS = 1_000;

/** Starts a bar with a title. */
export function progressBar(title: string): Progress {
  if (!process.stderr.isTTY) return NOTHING;
  const bar = new cliProgress.SingleBar(
    { format: `${title} {bar} {percentage}% {eta_formatted}`, stream: process.stderr, clearOnComplete: true },
    cliProgress.Presets.shades_classic,
  );
  bar.start(STEPS, 0);
  return { show: (share) => bar.update(Math.round(share * STEPS)), end: () => bar.stop() };
}
