import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { SignalsService } from '@backstage/plugin-signals-node';
import type {
  AccessSignal,
  RecordEntry,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { SIGNAL_CHANNEL } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Cancel, Clock } from '../controller/Clock';
import type { RequestStore, StoredRequest } from '../database/types';
import type { Names } from '../requests/entityRefs';
import { PLAIN_NAMES } from '../requests/entityRefs';
import type { Message } from './messages';
import { messageAbout } from './messages';

/** An approval is told when the grant stands; where that takes longer than this, before. */
const GRANT_PATIENCE_MS = 250;
/** What an approval leads to, a grant and a terminal, goes before the news of it. */
const NEWS_DELAY_MS = 500;

/** Something that is told in a moment, or when we stop. */
interface Held {
  cancel: Cancel;
  tell: () => void;
}

/**
 * Tells people and their browsers what happens to requests. Both services are optional: without them, or when
 * they fail, everything works and somebody only has to look by themselves.
 */
export class RequestAnnouncer {
  readonly #store: Pick<RequestStore, 'onChange' | 'change'>;
  readonly #notifications?: NotificationService;
  readonly #signals?: SignalsService;
  readonly #names: Names;
  readonly #clock: Clock;
  readonly #logger: LoggerService;
  /** The signals that wait for the grant, by request. */
  readonly #waiting = new Map<string, Held>();
  readonly #held = new Set<Held>();
  readonly #complainedOf = new Set<string>();
  readonly #running = new Set<Promise<void>>();

  constructor(options: {
    store: Pick<RequestStore, 'onChange' | 'change'>;
    notifications?: NotificationService;
    signals?: SignalsService;
    /** How people are called; by their refs where it is missing. */
    names?: Names;
    clock: Clock;
    logger: LoggerService;
  }) {
    this.#store = options.store;
    this.#notifications = options.notifications;
    this.#signals = options.signals;
    this.#names = options.names ?? PLAIN_NAMES;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** Returns how to stop; what has begun is then finished before the promise resolves. */
  start(): () => Promise<void> {
    const unsubscribe = this.#store.onChange((request, added) => {
      this.#tellBrowsers(request, added);
      for (const entry of added) {
        this.#tellPeople(request, entry);
      }
    });
    return async () => {
      unsubscribe();
      for (const { cancel, tell } of [...this.#held]) {
        cancel();
        tell();
      }
      await Promise.all(this.#running);
    };
  }

  #tellBrowsers(request: StoredRequest, added: RecordEntry[]): void {
    if (isMereStart(added)) {
      return;
    }
    const { id } = request;
    this.#forget(this.#waiting.get(id));
    this.#waiting.delete(id);
    const tell = () => this.#run('signals', () => this.#signal(request));
    if (!isMereApproval(added)) {
      tell();
      return;
    }
    const held = this.#hold(GRANT_PATIENCE_MS, () => {
      this.#waiting.delete(id);
      tell();
    });
    this.#waiting.set(id, held);
  }

  #tellPeople(request: StoredRequest, entry: RecordEntry): void {
    const tell = () =>
      this.#run('notifications', () => this.#notify(request, entry));
    if (isApproval(entry)) {
      this.#hold(NEWS_DELAY_MS, tell);
    } else {
      tell();
    }
  }

  #hold(delayMs: number, task: () => void): Held {
    const held: Held = {
      tell: () => {
        this.#held.delete(held);
        task();
      },
      cancel: this.#clock.schedule(delayMs, () => held.tell()),
    };
    this.#held.add(held);
    return held;
  }

  #forget(held: Held | undefined): void {
    if (held) {
      held.cancel();
      this.#held.delete(held);
    }
  }

  async #signal(request: StoredRequest): Promise<void> {
    await this.#signals?.publish<AccessSignal>({
      recipients: {
        type: 'user',
        entityRef: [request.requester, ...request.approvers.users],
      },
      channel: SIGNAL_CHANNEL,
      // Ids only: whoever gets it asks the API, which knows who may see what.
      message: {
        requestId: request.id,
        entityRef: request.terms.entityRef,
      },
    });
  }

  async #notify(request: StoredRequest, entry: RecordEntry): Promise<void> {
    if (!this.#notifications) {
      return;
    }
    await this.#names.learn([
      request.requester,
      request.terms.entityRef,
      entry.actor,
    ]);
    const message = messageAbout(request, entry, this.#names);
    if (!message || message.recipients.length === 0) {
      return;
    }
    await this.#send(this.#notifications, request, message);
    if (entry.kind === 'asked') {
      const { recipients: notified } = message;
      await this.#store.change(request.id, () => ({ notified }));
    }
  }

  async #send(
    notifications: NotificationService,
    request: StoredRequest,
    message: Message,
  ): Promise<void> {
    const { recipients, title, description, severity } = message;
    await notifications.send({
      recipients: { type: 'entity', entityRef: recipients },
      payload: {
        title,
        ...(description ? { description } : {}),
        severity,
        link: `/kubernetes-access/requests/${request.id}`,
        topic: 'Kubernetes access',
        // News of a request take the place of what was said of it before.
        scope: `kubernetes-access:${request.id}`,
      },
    });
  }

  /** Runs beside the caller; complains of each service once. */
  #run(service: string, task: () => Promise<void>): void {
    const running = task()
      .catch(error => {
        if (!this.#complainedOf.has(service)) {
          this.#complainedOf.add(service);
          this.#logger.warn(
            `People are not told of access requests by ${service}, which is optional: ${stringifyError(
              error,
            )}`,
          );
        }
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }
}

/** A moment later there is either the grant to tell of, or why there is none. */
function isMereStart(added: RecordEntry[]): boolean {
  return added.length > 0 && added.every(({ kind }) => kind === 'started');
}

function isMereApproval(added: RecordEntry[]): boolean {
  return added.length > 0 && added.every(isApproval);
}

function isApproval(entry: RecordEntry): boolean {
  return entry.kind === 'decided' && entry.verdict === 'approve';
}
