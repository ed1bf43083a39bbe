import { type Millis, millis } from '../../src/base/brands.ts';
import { invariant } from '../../src/base/invariant.ts';
import { duration, type Kind, type Shown, wholeNumber } from '../../src/config/kind.ts';
import { nearest, quote } from '../../src/config/text.ts';
import { DEFAULT_GOSSIP_CONFIG, type GossipConfig } from '../../src/gossip/config.ts';
import { Expected, type Words } from './words.ts';

/** What a scenario can set. */
export type Settings = Partial<Omit<GossipConfig, 'mesh'>> & {
  /** The deadline of a call. Default: the gossip interval. */
  readonly rpcTimeout?: Millis;
};
type SettingName = keyof Settings;

const DAY = 86_400_000;

/** The ranges are wider than the daemon's: to see what goes wrong outside of those is what a simulator is for. */
const KINDS: Readonly<Record<SettingName, Kind<number>>> = {
  gossipFactor: wholeNumber(1, 100),
  leastContacts: wholeNumber(1, 100),
  gossipInterval: duration(millis(10), millis(3_600_000)),
  stalenessThreshold: wholeNumber(1, 1_000),
  deadThreshold: wholeNumber(2, 2_000),
  deadRetention: duration(millis(0), millis(DAY)),
  tombstoneTtl: duration(millis(0), millis(365 * DAY)),
  maxTombstones: wholeNumber(0, 1_000_000),
  maxVersionLead: duration(millis(0), millis(365 * DAY)),
  maxDeltaBytes: wholeNumber(1_024, 3 << 20),
  maxMembers: wholeNumber(1, 1_000_000),
  eagerWindow: duration(millis(0), millis(3_600_000)),
  eagerMinGap: duration(millis(0), millis(3_600_000)),
  leaveTimeout: duration(millis(10), millis(3_600_000)),
  rpcTimeout: duration(millis(10), millis(3_600_000)),
};

const SETTING_NAMES = Object.keys(KINDS) as readonly SettingName[];

/** Reads a name and its value. */
export function parseSetting(words: Words): Settings {
  const word = words.take('the name of a setting');
  const name = SETTING_NAMES.find((candidate) => candidate === word);
  if (name === undefined) {
    const like = nearest(word, SETTING_NAMES);
    throw new Expected(`a setting of the protocol${like === undefined ? '' : ` (${like}?)`}`, word);
  }
  const kind = KINDS[name];
  const text = words.take(kind.expects);
  const read = kind.read([{ at: name, text }], quote);
  if (!read.ok) throw new Expected(kind.expects, text);
  return { [name]: read.value };
}

/** Writes each setting so that {@link parseSetting} reads the same. */
export function renderSettings(settings: Settings): readonly string[] {
  const lines: string[] = [];
  for (const name of SETTING_NAMES) {
    const value = settings[name];
    if (value !== undefined) lines.push(`${name} ${textOf(KINDS[name].show(value))}`);
  }
  return lines;
}

/** The protocol's numbers with these set. */
export function configOf(settings: Settings): { readonly config: GossipConfig; readonly rpcTimeout: Millis } {
  const { rpcTimeout, ...changed } = settings;
  const config = { ...DEFAULT_GOSSIP_CONFIG, ...changed, mesh: 'sim' };
  return { config, rpcTimeout: rpcTimeout ?? config.gossipInterval };
}

/** A kind of one value shows it as text or as a number. */
function textOf(shown: Shown): string {
  invariant(typeof shown === 'string' || typeof shown === 'number', 'a setting is shown as text or as a number');
  return String(shown);
}
