/** What the command tells its caller. */
export const ExitCode = {
  ok: 0,
  /** It could not do what was asked: an address in use, a node that does not answer. */
  failed: 1,
  /** It was asked wrongly: usage or configuration. */
  usage: 2,
  /** All went well, and the answer is no: nobody matches, or what was waited for did not come in time. */
  unmet: 3,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
