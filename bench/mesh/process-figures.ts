import { readFileSync } from 'node:fs';

/** Kernel ticks a second, as `getconf CLK_TCK` has it on Linux everywhere. */
const TICKS = 100;

/** CPU time that a process has had, ms. */
export function cpuMs(pid: number): number {
  const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? '';
  const [user, system] = afterName.split(' ').slice(11, 13).map(Number);
  return (((user ?? 0) + (system ?? 0)) * 1_000) / TICKS;
}

/** Memory that a process has resident, MiB. */
export function rssMiB(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1_024;
}

/** Bytes that have gone over loopback, with all headers, each packet once. */
export function loopbackBytes(): number {
  const counters = /^\s*lo:\s*(.*)$/m.exec(readFileSync('/proc/net/dev', 'utf8'))?.[1] ?? '';
  return Number(counters.trim().split(/\s+/)[0]);
}
