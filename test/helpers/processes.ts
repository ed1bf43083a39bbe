/** Tells whether a process runs. One that has ended and waits for nobody any more does not. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
