import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  GRANT_NAME_PREFIX,
  LABELS,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { Reflector } from '../controller';
import type { Cancel, Clock } from '../controller/Clock';
import type { KubeClient, KubeObject } from '../kubernetes';
import {
  roleBindingsPath,
  rolesPath,
  serviceAccountsPath,
} from '../kubernetes';

/** An event often comes before the answer to the call that caused it; by then it is known whose it was. */
const PATIENCE_MS = 50;
/**
 * A namespace is watched for so long after the last grant in it: a write that hung somewhere may still arrive. No API
 * server works on a request for longer than a minute.
 */
const LINGER_MS = 90_000;

/** Of one request, so many surprises in a minute are looked into at once; whoever goes on waits for the next look. */
const SURPRISES_PER_MINUTE = 5;
const MINUTE_MS = 60_000;
const NEXT_LOOK_MS = 30_000;

/** `kubernetes-access-<who>-<id of the request>-<uid of its resource>`. */
const NAME_PATTERN = new RegExp(
  `^${GRANT_NAME_PREFIX}.*-([0-9a-z]{26})-[0-9a-z]+$`,
);

interface Watched {
  reflectors: Array<Reflector<KubeObject>>;
  followers: Set<string>;
  cancelEnd?: Cancel;
}

/** What is known of our own writes. */
export interface OwnWrites {
  /** Whether an object, under the path of its own, is as we wrote it last. */
  isAsWritten(path: string, object: KubeObject): boolean;
  /** Whether we wrote that object and have not taken it back. */
  isWritten(path: string, object: KubeObject): boolean;
}

interface Options {
  client: KubeClient;
  grantNamespace: string;
  installationId: string;
  own: OwnWrites;
  clock: Clock;
  logger: LoggerService;
  /** Something of a request's grant is not as we left it, as far as can be seen from here. */
  onSurprise: (requestId: string) => void;
}

/**
 * Watches the objects of this installation's grants, so that what somebody changes, deletes or puts there by hand is
 * noticed at once: the ServiceAccounts all the time, Roles and RoleBindings in namespaces with grants.
 */
export class GrantObjectWatches {
  readonly #options: Options;
  readonly #accounts: Reflector<KubeObject>;
  readonly #namespaces = new Map<string, Watched>();
  readonly #pending = new Map<string, Cancel>();
  /** When surprises were told, on the monotonic clock, by request. */
  readonly #told = new Map<string, number[]>();

  constructor(options: Options) {
    this.#options = options;
    this.#accounts = this.#watch(serviceAccountsPath(options.grantNamespace));
  }

  start(): void {
    this.#accounts.start();
  }

  async stop(): Promise<void> {
    this.#pending.forEach(cancel => cancel());
    this.#pending.clear();
    const watched = [...this.#namespaces.values()];
    this.#namespaces.clear();
    watched.forEach(({ cancelEnd }) => cancelEnd?.());
    await Promise.all(
      [this.#accounts, ...watched.flatMap(each => each.reflectors)].map(
        reflector => reflector.stop(),
      ),
    );
  }

  /** Following twice changes nothing. */
  follow(follower: string, namespaces: readonly string[]): void {
    for (const namespace of namespaces) {
      const watched = this.#namespaces.get(namespace) ?? this.#open(namespace);
      watched.cancelEnd?.();
      watched.cancelEnd = undefined;
      watched.followers.add(follower);
    }
  }

  /** Goes on watching for a while. */
  unfollow(follower: string): void {
    for (const [namespace, watched] of this.#namespaces) {
      if (watched.followers.delete(follower) && watched.followers.size === 0) {
        watched.cancelEnd = this.#options.clock.schedule(LINGER_MS, () =>
          this.#close(namespace, watched),
        );
      }
    }
  }

  /** Whether anything of a grant was there when it was last heard of. */
  sees({ name, namespaces }: { name: string; namespaces: string[] }): boolean {
    return (
      this.#accounts.get(name, this.#options.grantNamespace) !== undefined ||
      namespaces.some(namespace =>
        this.#namespaces
          .get(namespace)
          ?.reflectors.some(reflector => reflector.get(name, namespace)),
      )
    );
  }

  #open(namespace: string): Watched {
    const watched: Watched = {
      reflectors: [rolesPath(namespace), roleBindingsPath(namespace)].map(
        path => this.#watch(path),
      ),
      followers: new Set(),
    };
    this.#namespaces.set(namespace, watched);
    watched.reflectors.forEach(reflector => reflector.start());
    return watched;
  }

  #close(namespace: string, { reflectors }: Watched): void {
    this.#namespaces.delete(namespace);
    for (const reflector of reflectors) {
      reflector.stop().catch(error => {
        this.#options.logger.warn(
          `A watch of the grants in ${namespace} did not stop cleanly`,
          error,
        );
      });
    }
  }

  #watch(collection: string): Reflector<KubeObject> {
    const { client, clock, logger, installationId, own } = this.#options;
    const pathOf = ({ metadata }: KubeObject) =>
      `${collection}/${metadata.name}`;
    // The newest is what counts; each event replaces the look that the one before it asked for.
    const lookAt = (object: KubeObject) =>
      this.#soon(object, () => !own.isAsWritten(pathOf(object), object));
    return new Reflector<KubeObject>({
      client,
      path: collection,
      selection: { labelSelector: `${LABELS.installation}=${installationId}` },
      clock,
      logger,
      onAdd: lookAt,
      onUpdate: lookAt,
      onDelete: object =>
        this.#soon(object, () => own.isWritten(pathOf(object), object)),
    });
  }

  #soon(object: KubeObject, isSurprise: () => boolean): void {
    const requestId = requestIdOf(object);
    const key = object.metadata.uid ?? object.metadata.name;
    if (!requestId) {
      return;
    }
    this.#pending.get(key)?.();
    this.#pending.set(
      key,
      this.#options.clock.schedule(PATIENCE_MS, () => {
        this.#pending.delete(key);
        if (isSurprise()) {
          this.#tell(requestId);
        }
      }),
    );
  }

  /** Somebody, or something, that keeps changing a grant must not keep us busy with nothing else. */
  #tell(requestId: string): void {
    const { clock, logger, onSurprise } = this.#options;
    const now = clock.monotonic();
    for (const [id, times] of this.#told) {
      if (times.every(at => now - at >= MINUTE_MS)) {
        this.#told.delete(id);
      }
    }
    const recent = (this.#told.get(requestId) ?? []).filter(
      at => now - at < MINUTE_MS,
    );
    if (recent.length < SURPRISES_PER_MINUTE) {
      this.#told.set(requestId, [...recent, now]);
      onSurprise(requestId);
    } else if (!this.#pending.has(requestId)) {
      logger.warn(
        `Something keeps changing objects of the grant of request '${requestId}'; they are put right every ${
          NEXT_LOOK_MS / 1000
        } seconds as long as that goes on`,
      );
      this.#pending.set(
        requestId,
        clock.schedule(NEXT_LOOK_MS, () => {
          this.#pending.delete(requestId);
          onSurprise(requestId);
        }),
      );
    }
  }
}

/** By the name, which nobody can change, unlike labels. */
function requestIdOf({ metadata }: KubeObject): string | undefined {
  return NAME_PATTERN.exec(metadata.name)?.[1];
}
