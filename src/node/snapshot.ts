import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import * as z from 'zod';
import type { NodeId, Version } from '../base/brands.ts';
import { isVersion } from '../base/brands.ts';
import { DEFAULT_GOSSIP_CONFIG } from '../gossip/config.ts';
import { isAddress } from '../wire/address.ts';
import { decodeMetadata, encodeMetadata } from '../wire/metadata.ts';
import type { ToldMetadata } from './told-metadata.ts';

/** The file's name in the data directory. */
const SNAPSHOT_FILE = 'snapshot.json';
const FORMAT = 1;
const MAX_PEERS = 10_000;

/** What a node remembers across a restart: its own version, where its peers were, and what it told when that was not configured. */
export interface Snapshot {
  readonly mesh: string;
  readonly nodeId: NodeId;
  readonly version: Version;
  readonly peers: readonly string[];
  /** Absent when the node told what it was configured to tell. */
  readonly metadata?: ToldMetadata;
}

/** How reading a snapshot went. `setAside` names where an unusable one was moved to, if that could be done. */
export type SnapshotReading =
  | { readonly kind: 'found'; readonly snapshot: Snapshot }
  | { readonly kind: 'none' }
  | {
      readonly kind: 'unusable';
      readonly code: 'SNAPSHOT_DAMAGED' | 'SNAPSHOT_OTHER_MESH' | 'SNAPSHOT_UNREADABLE';
      readonly problem: string;
      readonly setAside?: string;
    };

const metadataShape = z
  .object({ apiEndpoint: z.string(), apiPort: z.number(), labels: z.record(z.string(), z.string()) })
  .refine((metadata) => decodeMetadata(encodeMetadata(metadata)).ok, 'must be metadata');

const fileShape = z.object({
  format: z.literal(FORMAT),
  mesh: z.string(),
  nodeId: z.string(),
  version: z.number().refine(isVersion, 'must be a version'),
  peers: z.array(z.string().refine(isAddress, 'must be host:port')).max(MAX_PEERS),
  metadata: z.object({ configured: metadataShape, told: metadataShape }).optional(),
});

/**
 * Reads the snapshot of a data directory. A damaged one, or one of another mesh, is set aside under a name that tells so, and
 * never stops a start. Of another node's snapshot the peers are good, the rest is not.
 *
 * @param now wall time, for the name of the file that is set aside
 */
export async function readSnapshot(directory: string, mesh: string, self: NodeId, now: Date): Promise<SnapshotReading> {
  const file = join(directory, SNAPSHOT_FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return { kind: 'none' };
    return { kind: 'unusable', code: 'SNAPSHOT_UNREADABLE', problem: messageOf(error) };
  }
  const parsed = fileShape.safeParse(parseJson(text));
  if (!parsed.success) {
    const problem = z.prettifyError(parsed.error).replaceAll('\n', ' ');
    return { kind: 'unusable', code: 'SNAPSHOT_DAMAGED', problem, ...(await setAside(file, 'damaged', now)) };
  }
  const { version, peers, nodeId, metadata } = parsed.data;
  if (parsed.data.mesh !== mesh) {
    const problem = `it is of mesh '${parsed.data.mesh}', this node belongs to '${mesh}'`;
    return { kind: 'unusable', code: 'SNAPSHOT_OTHER_MESH', problem, ...(await setAside(file, 'other-mesh', now)) };
  }
  // A version that far ahead would be refused by everybody; who finds a newer one of its own in the mesh overtakes it there.
  const usable = nodeId === self && version <= now.getTime() + DEFAULT_GOSSIP_CONFIG.maxVersionLead;
  const own = usable ? version : (0 as Version);
  const told = nodeId === self && metadata !== undefined ? { metadata } : {};
  return { kind: 'found', snapshot: { mesh, nodeId: self, version: own, peers, ...told } };
}

/**
 * Writes the snapshot: to a file beside it first, which then takes its place, so a crash leaves the old or the new one.
 *
 * @throws {Error} as of `node:fs` when the directory can not be written
 */
export async function writeSnapshot(directory: string, snapshot: Snapshot): Promise<void> {
  await mkdir(directory, { recursive: true });
  const text = `${JSON.stringify({ format: FORMAT, ...snapshot }, undefined, 2)}\n`;
  await writeFileAtomic(join(directory, SNAPSHOT_FILE), text, { mode: 0o600 });
}

async function setAside(file: string, why: string, now: Date): Promise<{ readonly setAside?: string }> {
  const aside = `${file}.${why}-${now.toISOString().replaceAll(/[:.]/g, '-')}`;
  try {
    await rename(file, aside);
    return { setAside: aside };
  } catch {
    return {};
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where something on the way is no directory there is no snapshot either; that none can be written is told with the first write. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
