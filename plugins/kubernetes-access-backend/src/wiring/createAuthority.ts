import type {
  AuthService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { Directory } from '../approvals';
import type { KubernetesAccessOptions } from '../config';
import type { Clock } from '../controller';
import type { Clusters } from '../kubernetes';
import { RequestGate } from '../permissions';
import { responsibleFor, TargetInspector } from '../requests';
import type { SessionAuthority } from '../sessions';
import { CatalogAuthority } from '../sessions';

/** Puts together whom sessions ask whether they may begin and go on. */
export function createAuthority(input: {
  auth: AuthService;
  catalog: CatalogService;
  permissions: PermissionsService;
  clusters: Clusters;
  options: KubernetesAccessOptions;
  clock: Clock;
}): SessionAuthority {
  const { auth, options, clock } = input;
  const gate = new RequestGate({
    permissions: input.permissions,
    admins: options.admins,
    auditors: options.auditors,
  });
  return new CatalogAuthority({
    auth,
    directory: new Directory(input),
    inspector: new TargetInspector({
      clusters: input.clusters,
      targets: options.targets,
      targetTrust: options.targetTrust,
    }),
    responsible: entity => responsibleFor(entity, options.fallbackApprovers),
    mayOpen: (caller, request) => gate.may(caller, 'openSession', request),
    clock,
  });
}
