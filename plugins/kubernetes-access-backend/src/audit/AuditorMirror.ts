import type {
  AuditorService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { RecordEntry } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { RequestStore, StoredRequest } from '../database/types';
import type { AuditEventId, AuditTrail } from './types';

const EVENTS: Record<
  RecordEntry['kind'],
  { eventId: AuditEventId; severityLevel: 'medium' | 'high' }
> = {
  asked: { eventId: 'request-create', severityLevel: 'medium' },
  decided: { eventId: 'request-decide', severityLevel: 'high' },
  started: { eventId: 'grant-start', severityLevel: 'high' },
  ended: { eventId: 'request-end', severityLevel: 'medium' },
};

/**
 * Tells Backstage's auditor of every entry of every record, together with the head of the request's chain in our own
 * trail: a tail that is cut off there afterwards is still on record here.
 */
export class AuditorMirror {
  readonly #store: Pick<RequestStore, 'onChange'>;
  readonly #audit: Pick<AuditTrail, 'heads'>;
  readonly #auditor: AuditorService;
  readonly #logger: LoggerService;

  constructor(options: {
    store: Pick<RequestStore, 'onChange'>;
    audit: Pick<AuditTrail, 'heads'>;
    auditor: AuditorService;
    logger: LoggerService;
  }) {
    this.#store = options.store;
    this.#audit = options.audit;
    this.#auditor = options.auditor;
    this.#logger = options.logger;
  }

  /** Returns how to stop. */
  start(): () => void {
    return this.#store.onChange((request, added) => {
      for (const entry of added) {
        this.#mirror(request, entry).catch(error =>
          this.#logger.error(
            `The auditor was not told of '${entry.kind}' of request '${
              request.id
            }': ${stringifyError(error)}`,
          ),
        );
      }
    });
  }

  async #mirror(request: StoredRequest, entry: RecordEntry): Promise<void> {
    const { eventId, severityLevel } = EVENTS[entry.kind];
    const [head] = await this.#audit.heads([request.id]);
    const event = await this.#auditor.createEvent({
      eventId,
      severityLevel,
      meta: {
        actor: entry.actor,
        at: entry.at,
        requestId: request.id,
        requester: request.requester,
        entityRef: request.terms.entityRef,
        cluster: request.clusterName,
        namespaces: request.terms.targets.map(({ namespace }) => namespace),
        ...(entry.kind === 'decided' ? { verdict: entry.verdict } : {}),
        ...(entry.kind === 'ended' ? { reason: entry.reason } : {}),
        ...(head ? { chainHead: head.mac, chainSequence: head.sequence } : {}),
      },
    });
    await event.success();
  }
}
