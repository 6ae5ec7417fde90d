import { LABELS } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type {
  CallOptions,
  KubeClient,
  KubeObject,
  Namespace,
} from '../kubernetes';
import {
  isNotFound,
  namespacePath,
  NotLeadingError,
  roleBindingsPath,
  rolesPath,
  serviceAccountsPath,
} from '../kubernetes';

/** Removal never waits for a connection that the start of another grant holds. */
const REMOVAL: CallOptions = { lane: 'removal' };

/** Which grant to remove. */
export interface Removal {
  requestId: string;
  /** The name of its objects. */
  name: string;
  grantNamespace: string;
  namespaces: string[];
  installationId: string;
}

/** Thrown while something of a grant is still there, or may be. The message says what and why. */
class RemovalIncompleteError extends Error {
  constructor(readonly problems: string[]) {
    super(problems.join('; '));
    this.name = 'RemovalIncompleteError';
  }
}

/** Collects what fails, so that the rest is tried all the same. */
class Problems {
  readonly #messages: string[] = [];

  async collect(where: string, task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      if (error instanceof NotLeadingError) {
        throw error;
      }
      this.#messages.push(
        `${where}: ${error instanceof Error ? error.message : error}`,
      );
    }
  }

  get hasAny(): boolean {
    return this.#messages.length > 0;
  }

  throwIfAny(): void {
    if (this.#messages.length > 0) {
      throw new RemovalIncompleteError([...new Set(this.#messages)]);
    }
  }
}

/**
 * Takes grants back: RoleBindings first, because that works at once, while a token of a deleted ServiceAccount is good
 * for some seconds more. Then looks whether everything is gone.
 */
export class GrantRemover {
  readonly #client: KubeClient;

  constructor(options: { client: KubeClient }) {
    this.#client = options.client;
  }

  /**
   * Resolves when nothing of the grant is left.
   * @throws RemovalIncompleteError
   */
  async remove(removal: Removal): Promise<void> {
    const problems = new Problems();
    await this.#inEach(removal.namespaces, problems, namespace =>
      this.#delete(roleBindingsPath(namespace, removal.name)),
    );
    await Promise.all([
      this.#inEach(removal.namespaces, problems, namespace =>
        this.#delete(rolesPath(namespace, removal.name)),
      ),
      problems.collect(
        `ServiceAccount ${removal.grantNamespace}/${removal.name}`,
        () =>
          this.#delete(
            serviceAccountsPath(removal.grantNamespace, removal.name),
          ),
      ),
    ]);
    await this.#verify(removal, problems);
    problems.throwIfAny();
  }

  /** Whether anything of the grant is there. */
  async isLeft(removal: Removal): Promise<boolean> {
    const problems = new Problems();
    await this.#verify(removal, problems);
    return problems.hasAny;
  }

  async #verify(removal: Removal, problems: Problems): Promise<void> {
    await Promise.all([
      this.#inEach(removal.namespaces, problems, async namespace => {
        await this.#expectNone(roleBindingsPath(namespace), removal);
        await this.#expectNone(rolesPath(namespace), removal);
      }),
      problems.collect(`namespace ${removal.grantNamespace}`, () =>
        this.#expectNone(serviceAccountsPath(removal.grantNamespace), removal),
      ),
    ]);
  }

  /** Looks by name as well as by label: a label can be taken off. */
  async #expectNone(collection: string, removal: Removal): Promise<void> {
    const byName = await this.#find(`${collection}/${removal.name}`);
    const { items } = await this.#client.list<KubeObject>(
      collection,
      {
        labelSelector: [
          `${LABELS.installation}=${removal.installationId}`,
          `${LABELS.request}=${removal.requestId}`,
        ].join(','),
      },
      REMOVAL,
    );
    const left = byName ?? items[0];
    if (left) {
      throw new Error(stillThere(collection, left));
    }
  }

  async #find(path: string): Promise<KubeObject | undefined> {
    try {
      return await this.#client.get<KubeObject>(path, REMOVAL);
    } catch (error) {
      if (isNotFound(error)) {
        return undefined;
      }
      throw error;
    }
  }

  async #delete(path: string): Promise<void> {
    try {
      await this.#client.delete(path, REMOVAL);
    } catch (error) {
      if (!isNotFound(error)) {
        throw error;
      }
    }
  }

  /** What fails in a namespace that is gone or on its way out is no problem: it takes everything with it. */
  async #inEach(
    namespaces: string[],
    problems: Problems,
    task: (namespace: string) => Promise<void>,
  ): Promise<void> {
    await Promise.all(
      namespaces.map(namespace =>
        problems.collect(`namespace ${namespace}`, async () => {
          try {
            await task(namespace);
          } catch (error) {
            if (!(await this.#isGoing(namespace))) {
              throw error;
            }
          }
        }),
      ),
    );
  }

  async #isGoing(name: string): Promise<boolean> {
    try {
      const { metadata, status } = await this.#client.get<Namespace>(
        namespacePath(name),
        REMOVAL,
      );
      return (
        Boolean(metadata.deletionTimestamp) || status?.phase === 'Terminating'
      );
    } catch (error) {
      return isNotFound(error);
    }
  }
}

function stillThere(collection: string, { metadata }: KubeObject): string {
  const kind = collection.slice(collection.lastIndexOf('/') + 1);
  const held = metadata.finalizers?.length
    ? `, held by ${metadata.finalizers.join(', ')}`
    : '';
  return `${kind}/${metadata.name} is still there${held}`;
}
