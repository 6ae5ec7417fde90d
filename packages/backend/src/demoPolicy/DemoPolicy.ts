import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';

const ALLOW: PolicyDecision = { result: AuthorizeResult.ALLOW };
const DENY: PolicyDecision = { result: AuthorizeResult.DENY };

/** What changes the catalog itself: in the demo nobody may, since the story depends on it. */
const CATALOG_CHANGES = new Set([
  'catalog.entity.create',
  'catalog.entity.delete',
  'catalog.entity.refresh',
  'catalog.location.create',
  'catalog.location.delete',
]);

/** The neighbour's way around every approval: its proxy uses the back end's own credential for anybody. */
const KUBERNETES_PROXY = 'kubernetes.proxy';

/**
 * The demo's policy: whoever is signed in may use everything but the two things above.
 * Who may see, approve and use access requests is decided by Kubernetes Access itself; a policy can only narrow that.
 */
export class DemoPolicy implements PermissionPolicy {
  async handle(
    { permission }: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    if (!user) return DENY;
    if (permission.name === KUBERNETES_PROXY) return DENY;
    if (CATALOG_CHANGES.has(permission.name)) return DENY;
    return ALLOW;
  }
}
