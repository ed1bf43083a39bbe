import type { HostInterfaces } from './advertise.ts';
import type { GivenText, Kind } from './kind.ts';

/** What the defaults need to know of the machine and the process. */
export interface Host {
  readonly hostname: string;
  readonly interfaces: HostInterfaces;
  /** Whether the log goes to a terminal, where people read it. */
  readonly terminal: boolean;
}

/** One setting, all that there is to say about it. Reading, help, docs and `--print-config` are derived from this. */
export interface SettingSpec<Value> {
  readonly flag: `--${string}`;
  readonly variable: `MUSTER_${string}`;
  /** What the help writes after the flag, without brackets: `duration`. */
  readonly placeholder: string;
  readonly kind: Kind<Value>;
  /**
   * The default, as text that is read and checked as if it had been given. Absent when there is none, or when it follows from
   * another setting.
   */
  readonly standard?: string | ((host: Host) => GivenText);
  /** The default in words, where `standard` is not the text to show. */
  readonly standardWords?: string;
  /** What it is, with its unit, in one sentence. */
  readonly summary: string;
  /** The values that make sense, and what raising it does. */
  readonly advice?: string;
  /** A secret is never shown, neither by `--print-config` nor in a message. */
  readonly secret?: boolean;
}

/** A setting with its place in the file: names joined by dots. */
export interface Setting<Value = unknown> extends SettingSpec<Value> {
  readonly key: string;
}

/** Lists and maps may be given as several flags. */
export function isRepeatable(setting: Setting): boolean {
  return setting.kind.shape === 'list' || setting.kind.shape === 'map';
}

/** The default in words, for help and docs. */
export function describeDefault({ standard, standardWords }: Setting): string {
  return standardWords ?? (typeof standard === 'string' && standard !== '' ? standard : 'none');
}
