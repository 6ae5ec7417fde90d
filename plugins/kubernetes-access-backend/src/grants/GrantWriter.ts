import type { KubeClient, KubeObject } from '../kubernetes';
import {
  isConflict,
  isNotFound,
  roleBindingsPath,
  rolesPath,
  serviceAccountsPath,
} from '../kubernetes';
import {
  isSameRole,
  isSameRoleBinding,
  isSameRoleButNames,
  isSameServiceAccount,
} from './compareObjects';
import { GrantUnfinishedError } from './GrantUnfinishedError';
import type { GrantObjects, NamespaceGrant, Role } from './objects';

/** Something of a grant that was not as it had to be, in words. */
export type Repair = string;

/** How one object of a grant is made and compared. */
interface Wanted<T extends KubeObject> {
  object: T;
  collection: string;
  isSame(actual: T, wanted: T): boolean;
  /** Whether the difference is one that comes with the pods and is put right in place. */
  followsPods?(actual: T, wanted: T): boolean;
}

interface Known {
  uid?: string;
  resourceVersion?: string;
}

/**
 * Writes the objects of grants and keeps them as they have to be.
 *
 * An object that is already there under the name of a new grant's is never adopted, whatever it says: it is deleted
 * and made again, so that nobody holds a token of it or knows another way in.
 */
export class GrantWriter {
  readonly #client: KubeClient;
  /** What this process wrote, by path: tells our own writes from other people's. */
  readonly #known = new Map<string, Known>();
  /** Grants that have ended: nothing more is written for them. */
  readonly #closed = new Set<string>();
  /** The pods that standing grants name, by grant and namespace. */
  readonly #reached = new Map<string, Map<string, Set<string>>>();

  constructor(options: { client: KubeClient }) {
    this.#client = options.client;
  }

  /**
   * Makes the grant so. The RoleBindings come last, because they open it: by then nothing that stood under one of our
   * names is left. What comes before them goes side by side.
   *
   * @param isNew - whether the grant has never stood before
   * @returns what somebody else had changed
   */
  async apply(grant: GrantObjects, isNew: boolean): Promise<Repair[]> {
    const { serviceAccount, namespaces } = grant;
    const closed = await allSettled([
      this.#ensureServiceAccount(serviceAccount, isNew),
      ...namespaces.map(part => this.#ensureRole(part, isNew)),
    ]);
    const opened = await allSettled(
      namespaces.map(part => this.#ensureRoleBinding(part, isNew)),
    );
    if (!this.#closed.has(grant.name)) {
      this.#reached.set(grant.name, reachOf(grant));
    }
    return [...closed, ...opened].flat();
  }

  /** Whether a grant names a pod, as far as this process wrote it. */
  reaches(name: string, namespace: string, pod: string): boolean {
    return this.#reached.get(name)?.get(namespace)?.has(pod) ?? false;
  }

  /** Whether an object, under the path of its own, is as it was written last. */
  isAsWritten(path: string, { metadata }: KubeObject): boolean {
    const known = this.#known.get(path);
    return (
      known !== undefined && known.resourceVersion === metadata.resourceVersion
    );
  }

  /** Whether that object was written here and not taken back. */
  isWritten(path: string, { metadata }: KubeObject): boolean {
    const known = this.#known.get(path);
    return known !== undefined && known.uid === metadata.uid;
  }

  /** A grant has ended: what is being written for it stops at the next object. Until it is forgotten. */
  close(name: string): void {
    this.forget(name);
    this.#closed.add(name);
  }

  /** Forgets what was written for a grant that is gone. */
  forget(name: string): void {
    this.#closed.delete(name);
    this.#reached.delete(name);
    for (const path of this.#known.keys()) {
      if (path.endsWith(`/${name}`)) {
        this.#known.delete(path);
      }
    }
  }

  #ensureServiceAccount(
    object: GrantObjects['serviceAccount'],
    isNew: boolean,
  ): Promise<Repair[]> {
    const { namespace = '' } = object.metadata;
    return this.#ensure(
      {
        object,
        collection: serviceAccountsPath(namespace),
        isSame: isSameServiceAccount,
      },
      isNew,
    );
  }

  #ensureRole(
    { namespace, role }: NamespaceGrant,
    isNew: boolean,
  ): Promise<Repair[]> {
    return this.#ensure<Role>(
      {
        object: role,
        collection: rolesPath(namespace),
        isSame: isSameRole,
        followsPods: isSameRoleButNames,
      },
      isNew,
    );
  }

  #ensureRoleBinding(
    { namespace, roleBinding }: NamespaceGrant,
    isNew: boolean,
  ): Promise<Repair[]> {
    return this.#ensure(
      {
        object: roleBinding,
        collection: roleBindingsPath(namespace),
        isSame: isSameRoleBinding,
      },
      isNew,
    );
  }

  async #ensure<T extends KubeObject>(
    wanted: Wanted<T>,
    isNew: boolean,
  ): Promise<Repair[]> {
    const path = pathOf(wanted);
    if (this.#closed.has(wanted.object.metadata.name)) {
      throw new GrantUnfinishedError(
        `The grant ${wanted.object.metadata.name} ended while it was being written`,
      );
    }
    const isOurs = this.#known.has(path);
    if (isNew && !isOurs) {
      return this.#makeNew(wanted);
    }
    const actual = await this.#read<T>(path);
    if (!actual) {
      await this.#create(wanted);
      return isNew ? [] : [`${describe(wanted.object)} was missing`];
    }
    if (wanted.isSame(actual, wanted.object)) {
      this.#remember(path, actual);
      return [];
    }
    if (wanted.followsPods?.(actual, wanted.object)) {
      return this.#replace(wanted, actual);
    }
    await this.#remake(wanted, actual);
    return [`${describe(wanted.object)} had been changed`];
  }

  async #makeNew<T extends KubeObject>(wanted: Wanted<T>): Promise<Repair[]> {
    try {
      await this.#create(wanted);
      return [];
    } catch (error) {
      if (!isConflict(error)) {
        throw error;
      }
    }
    const actual = await this.#read<T>(pathOf(wanted));
    if (!actual) {
      await this.#create(wanted);
      return [];
    }
    await this.#remake(wanted, actual);
    // What we made ourselves before a crash is the same: replacing it is no news.
    return wanted.isSame(actual, wanted.object)
      ? []
      : [`${describe(wanted.object)} was there already and not ours`];
  }

  async #replace<T extends KubeObject>(
    wanted: Wanted<T>,
    actual: T,
  ): Promise<Repair[]> {
    const path = pathOf(wanted);
    const before = this.#known.get(path);
    const { resourceVersion, uid } = actual.metadata;
    const written = await this.#client.replace<T>(path, {
      ...wanted.object,
      metadata: { ...wanted.object.metadata, resourceVersion, uid },
    });
    this.#remember(path, written);
    const isByHand = before && before.resourceVersion !== resourceVersion;
    return isByHand ? [`${describe(wanted.object)} had been changed`] : [];
  }

  async #remake<T extends KubeObject>(
    wanted: Wanted<T>,
    actual: T,
  ): Promise<void> {
    await this.#client
      .delete(pathOf(wanted), { uid: actual.metadata.uid })
      .catch(ignoreNotFound);
    await this.#create(wanted);
  }

  async #create<T extends KubeObject>(wanted: Wanted<T>): Promise<void> {
    this.#remember(
      pathOf(wanted),
      await this.#client.create<T>(wanted.collection, wanted.object),
    );
  }

  async #read<T extends KubeObject>(path: string): Promise<T | undefined> {
    return this.#client.get<T>(path).catch(ignoreNotFound);
  }

  #remember(path: string, object: KubeObject): void {
    const { name, uid, resourceVersion } = object.metadata;
    if (!this.#closed.has(name)) {
      this.#known.set(path, { uid, resourceVersion });
    }
  }
}

/** All of them, or the first failure when none of them is under way any more. */
async function allSettled<T>(writes: Array<Promise<T>>): Promise<T[]> {
  await Promise.allSettled(writes);
  return Promise.all(writes);
}

function reachOf({ namespaces }: GrantObjects): Map<string, Set<string>> {
  return new Map(
    namespaces.map(({ namespace, role }) => [
      namespace,
      new Set(role.rules?.flatMap(rule => rule.resourceNames ?? [])),
    ]),
  );
}

function pathOf<T extends KubeObject>(wanted: Wanted<T>): string {
  return `${wanted.collection}/${wanted.object.metadata.name}`;
}

function describe({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`;
}

function ignoreNotFound(error: unknown): undefined {
  if (!isNotFound(error)) {
    throw error;
  }
  return undefined;
}
