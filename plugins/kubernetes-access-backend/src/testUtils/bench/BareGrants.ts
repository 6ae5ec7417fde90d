import type { GrantObjects } from '../../grants/objects';
import type { KubeClient, KubeObject } from '../../kubernetes';
import {
  roleBindingsPath,
  rolesPath,
  serviceAccountsPath,
} from '../../kubernetes';

/** As many as the controller works on. */
const AT_ONCE = 8;

/**
 * Makes the objects of grants and does nothing else: no record, no look at what is there, no watch. A fourth write, of
 * the Role, stands for that of the status.
 */
export class BareGrants {
  constructor(private readonly client: KubeClient) {}

  /** Returns how long it took. */
  async make(grants: readonly GrantObjects[]): Promise<number> {
    const began = performance.now();
    await inLanes(grants, async ({ serviceAccount, namespaces }) => {
      const { namespace = '' } = serviceAccount.metadata;
      await this.client.create(serviceAccountsPath(namespace), serviceAccount);
      for (const part of namespaces) {
        const roles = rolesPath(part.namespace);
        const role = await this.client.create<KubeObject>(roles, part.role);
        await this.client.create(
          roleBindingsPath(part.namespace),
          part.roleBinding,
        );
        const [first, ...rest] = part.role.rules ?? [];
        await this.client.replace(`${roles}/${role.metadata.name}`, {
          ...role,
          rules: [{ ...first, resourceNames: ['bench-0'] }, ...rest],
        });
      }
    });
    return performance.now() - began;
  }

  async remove(grants: readonly GrantObjects[]): Promise<void> {
    await inLanes(grants, async ({ name, serviceAccount, namespaces }) => {
      for (const { namespace } of namespaces) {
        await this.client.delete(`${roleBindingsPath(namespace)}/${name}`);
        await this.client.delete(`${rolesPath(namespace)}/${name}`);
      }
      const { namespace = '' } = serviceAccount.metadata;
      await this.client.delete(`${serviceAccountsPath(namespace)}/${name}`);
    });
  }
}

async function inLanes<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        await work(next);
      }
    }),
  );
}
