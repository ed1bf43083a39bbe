import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { nodeId } from '../../base/brands.ts';
import type { NodeMetadata } from '../../base/metadata.ts';
import type { BootstrapTarget } from '../../gossip/input.ts';
import { HttpError } from '../errors.ts';
import { memberJson } from '../memberlist-json.ts';
import { LOCAL_JOIN_PATH, LOCAL_LEAVE_PATH, LOCAL_METADATA_PATH, MEMBERS_API_PATH } from '../paths.ts';
import type { MembershipPort } from '../port.ts';
import { checkByShape, metadataBody, readBody } from './bodies.ts';
import type { ControlPort } from './control-port.ts';
import { mergePatch } from './merge-patch.ts';
import { MERGE_PATCH, CONTROL_SCHEMAS as SCHEMAS } from './schemas.ts';

/** What a patch that removes a field leaves in its place: the defaults of the settings. */
const DEFAULTS: NodeMetadata = { apiEndpoint: '', apiPort: 443, labels: {} };

interface ControlOptions {
  readonly port: MembershipPort;
  readonly control: ControlPort;
  readonly logger: Logger;
}

/** Lets programs beside the node change what it tells of its cluster, and have it join, leave and forget. */
export function registerControl(app: FastifyInstance, options: ControlOptions): void {
  app.register(async (scope) => {
    scope.addContentTypeParser(MERGE_PATCH, { parseAs: 'string' }, scope.getDefaultJsonParser('error', 'error'));
    addRoutes(scope, options);
  });
}

function addRoutes(scope: FastifyInstance, { port, control, logger }: ControlOptions): void {
  const write = { config: { access: 'write' } } as const;
  const checked = { validatorCompiler: checkByShape };

  function note(request: FastifyRequest, action: string, fields: object = {}): void {
    logger.info({ code: 'CONTROL', action, requestId: request.id, ...fields }, 'local control');
  }

  function change(request: FastifyRequest, metadata: NodeMetadata): object {
    refuseWhenLeaving(port);
    control.setMetadata(metadata);
    note(request, 'metadata');
    return localMember(port);
  }

  scope.get(LOCAL_METADATA_PATH, { config: { access: 'read' }, schema: SCHEMAS.read }, async (_request, reply) =>
    reply.header('cache-control', 'no-store').send(control.metadata()),
  );

  scope.put<{ Body: NodeMetadata }>(
    LOCAL_METADATA_PATH,
    { ...write, ...checked, schema: SCHEMAS.replace },
    async (request) => change(request, request.body),
  );

  scope.patch(LOCAL_METADATA_PATH, { ...write, ...checked, schema: SCHEMAS.patch }, async (request) => {
    const patched = mergePatch(control.metadata(), request.body);
    return change(request, readBody(metadataBody, { ...DEFAULTS, ...(patched as Partial<NodeMetadata>) }));
  });

  scope.post<{ Body: readonly BootstrapTarget[] }>(
    LOCAL_JOIN_PATH,
    { ...write, ...checked, schema: SCHEMAS.join },
    async (request, reply) => {
      refuseWhenLeaving(port);
      control.join(request.body);
      const targets = request.body.map(({ target }) => target);
      note(request, 'join', { targets });
      return reply.code(202).send({ targets });
    },
  );

  scope.post(LOCAL_LEAVE_PATH, { ...write, schema: SCHEMAS.leave }, async (request) => {
    note(request, 'leave');
    return { acknowledged: await control.leave() };
  });

  const member = { ...write, schema: SCHEMAS.forget };
  scope.delete<{ Params: { id: string } }>(`${MEMBERS_API_PATH}:id`, member, async (request, reply) => {
    const id = nodeId(request.params.id);
    const outcome = control.forget(id);
    if (outcome === 'unknown') throw new HttpError('NO_SUCH_MEMBER', 'No member has this id.');
    if (outcome === 'alive')
      throw new HttpError(
        'MEMBER_NOT_DEAD',
        'Only a member that is dead, and not just out of reach of this node, can be forgotten.',
      );
    note(request, 'forget', { member: id });
    return reply.code(204).send();
  });
}

function refuseWhenLeaving(port: MembershipPort): void {
  if (port.standing().leaving) throw new HttpError('LEAVING', 'This node is leaving its mesh, or has left it.');
}

function localMember(port: MembershipPort): object {
  const local = port.members().find(({ isLocal }) => isLocal);
  if (local === undefined) throw new Error('the node does not show itself');
  return memberJson(local);
}
