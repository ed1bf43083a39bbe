/** What the command tells its caller. */
export const ExitCode = {
  ok: 0,
  /** It could not do what was asked: an address in use, a node that does not answer. */
  failed: 1,
  /** It was asked wrongly: usage or configuration. */
  usage: 2,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
