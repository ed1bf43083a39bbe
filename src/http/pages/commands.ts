import { endpointProblem } from '../../base/metadata.ts';
import { MEMBERLIST_PATH } from '../paths.ts';
import type { ShownMember } from '../port.ts';

/** A line for a shell, and what it is for. */
export interface Command {
  readonly what: string;
  readonly line: string;
}

/** Names that a shell, and a person who reads a line before running it, takes for what they are. */
const PLAIN_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const PLAIN_ORIGIN = /^https?:\/\/[A-Za-z0-9.:[\]-]+$/;

/**
 * Commands about a member, ready to be copied. There is none for a member whose name could be read as anything but a name, and none
 * with an endpoint that is not lawful; a lawful one holds no quote.
 *
 * @param origin where this page was asked for, as the client wrote it: `http://host:port`
 */
export function commandsFor({ id, decoded }: ShownMember, origin: string): readonly Command[] {
  if (!PLAIN_NAME.test(id)) return [];
  const { apiEndpoint } = decoded;
  const lawful = apiEndpoint !== '' && endpointProblem(apiEndpoint) === undefined;
  return [
    ...(lawful ? clusterCommands(id, apiEndpoint) : []),
    ...(PLAIN_ORIGIN.test(origin) ? [recordCommand(id, origin)] : []),
  ];
}

function clusterCommands(id: string, apiEndpoint: string): readonly Command[] {
  const isBare = !/[?#]/.test(apiEndpoint);
  return [
    {
      what: 'Put the cluster into your kubeconfig',
      line: `kubectl config set-cluster ${id} --server='${apiEndpoint}'`,
    },
    { what: 'Make a context for it', line: `kubectl config set-context ${id} --cluster=${id}` },
    ...(isBare
      ? [{ what: 'Ask its API server for its version', line: `curl -s '${apiEndpoint.replace(/\/$/, '')}/version'` }]
      : []),
  ];
}

function recordCommand(id: string, origin: string): Command {
  const line = `curl -s '${origin}${MEMBERLIST_PATH}' | jq '.[] | select(.id == "${id}")'`;
  return { what: 'Read what this node knows of it', line };
}
