/** This process's environment without settings of Muster's: what is meant for other agents must not change those that are measured. */
export function withoutSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MUSTER_')));
}
