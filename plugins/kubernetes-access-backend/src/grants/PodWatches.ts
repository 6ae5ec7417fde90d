import type { LoggerService } from '@backstage/backend-plugin-api';
import type { AccessRequestTarget } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Cancel, Clock } from '../controller/Clock';
import { Reflector } from '../controller';
import type { KubeClient, Pod } from '../kubernetes';
import { podsPath } from '../kubernetes';

/** A rollout adds many pods in a row; their names are written together. */
const ADDITION_DEBOUNCE_MS = 250;

/** Whether a pod, by its namespace and name, is one that a follower knows of. */
type KnowsPod = (namespace: string, pod: string) => boolean;

interface Debounced {
  pods: Pod[];
  cancel: Cancel;
}

interface Watch {
  reflector: { start(): void; stop(): Promise<void> };
  followers: Set<string>;
}

/**
 * Watches the pods of the targets of standing grants, and no others: one watch for each namespace and selector,
 * however many grants share it. A pod that stops matching is told at once, pods that appear a moment later together.
 */
export class PodWatches {
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #logger: LoggerService;
  readonly #onChange: (follower: string) => void;
  readonly #watches = new Map<string, Watch>();
  readonly #followed = new Map<string, string[]>();
  readonly #debounced = new Map<string, Debounced>();
  /** Followers that have heard of nothing since they began to follow, and what they read by themselves. */
  readonly #new = new Map<string, KnowsPod>();

  constructor(options: {
    client: KubeClient;
    clock: Clock;
    logger: LoggerService;
    /** The pods that a follower's targets match have changed. */
    onChange: (follower: string) => void;
  }) {
    this.#client = options.client;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#onChange = options.onChange;
  }

  /**
   * Following twice changes nothing.
   *
   * @param knows - of the pods that are there at first the follower is only told if it does not know all of them
   */
  follow(
    follower: string,
    targets: readonly AccessRequestTarget[],
    knows: KnowsPod = () => false,
  ): void {
    if (this.#followed.has(follower)) {
      return;
    }
    this.#new.set(follower, knows);
    const keys = targets.map(target => this.#join(follower, target));
    this.#followed.set(follower, keys);
  }

  unfollow(follower: string): void {
    this.#debounced.get(follower)?.cancel();
    this.#debounced.delete(follower);
    this.#new.delete(follower);
    for (const key of this.#followed.get(follower) ?? []) {
      this.#leave(follower, key);
    }
    this.#followed.delete(follower);
  }

  async stop(): Promise<void> {
    const watches = [...this.#watches.values()];
    for (const follower of [...this.#followed.keys()]) {
      this.unfollow(follower);
    }
    await Promise.all(watches.map(({ reflector }) => reflector.stop()));
  }

  /** How many watches are open. */
  get size(): number {
    return this.#watches.size;
  }

  #join(follower: string, { namespace, podSelector }: AccessRequestTarget) {
    const key = `${namespace}\n${podSelector ?? ''}`;
    const watch =
      this.#watches.get(key) ?? this.#open(key, namespace, podSelector);
    watch.followers.add(follower);
    return key;
  }

  #leave(follower: string, key: string): void {
    const watch = this.#watches.get(key);
    watch?.followers.delete(follower);
    if (watch?.followers.size === 0) {
      this.#watches.delete(key);
      watch.reflector.stop().catch(error => {
        this.#logger.warn('A watch of pods did not stop cleanly', error);
      });
    }
  }

  #open(key: string, namespace: string, podSelector?: string): Watch {
    const followers = new Set<string>();
    const reflector = new Reflector<Pod>({
      client: this.#client,
      path: podsPath(namespace),
      selection: { labelSelector: podSelector },
      clock: this.#clock,
      logger: this.#logger,
      onAdd: pod => this.#tellSoon(followers, pod),
      onDelete: () => this.#tellNow(followers),
    });
    const watch = { reflector, followers };
    this.#watches.set(key, watch);
    reflector.start();
    return watch;
  }

  #tellNow(followers: Set<string>): void {
    for (const follower of followers) {
      this.#new.delete(follower);
      this.#onChange(follower);
    }
  }

  #tellSoon(followers: Set<string>, pod: Pod): void {
    for (const follower of followers) {
      const debounced =
        this.#debounced.get(follower) ?? this.#debounce(follower);
      debounced.pods.push(pod);
    }
  }

  #debounce(follower: string): Debounced {
    const pods: Pod[] = [];
    const cancel = this.#clock.schedule(ADDITION_DEBOUNCE_MS, () => {
      this.#debounced.delete(follower);
      const knows = this.#new.get(follower);
      this.#new.delete(follower);
      const isNews = ({ metadata: { namespace = '', name } }: Pod) =>
        !knows?.(namespace, name);
      if (pods.some(isNews)) {
        this.#onChange(follower);
      }
    });
    const debounced = { pods, cancel };
    this.#debounced.set(follower, debounced);
    return debounced;
  }
}
