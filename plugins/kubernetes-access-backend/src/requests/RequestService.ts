import {
  ConflictError,
  InputError,
  NotAllowedError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type {
  CreateAccessRequest,
  RequestTerms,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  isTerminal,
  stateAt,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { RefusalTrail } from '../audit/RefusalTrail';
import type { RequestDefaults, RequestQuotas } from '../config';
import type {
  NewRequest,
  RequestStore,
  StoredRequest,
} from '../database/types';
import { isGuest } from '../permissions/guests';
import { digestOf } from './digest';
import type {
  AssessedTarget,
  EntityAccessService,
} from './EntityAccessService';
import { readEntityRef } from './entityRefs';
import { mayAskNow } from './mayAskNow';
import type { RequestInput, RequestRefusal } from './mayRequest';
import { mayRequest, meantTargets } from './mayRequest';
import { PROBLEMS } from './problems';
import { createRequestId } from './requestId';
import { readText } from './readText';
import type { Caller } from './types';

/** Mistakes in the body or in the catalog: for the caller to put right, and of no interest to an auditor. */
const INPUT_REASONS: Array<RequestRefusal['reason']> = [
  'duration-out-of-bounds',
  'reason-out-of-bounds',
  'unknown-target',
  'ambiguous-target',
  'no-clusters',
  'no-annotations',
  'unknown-cluster',
  'namespace-missing',
];

/** Thrown inside the transaction that counted; put on record after it. */
class NoRoomError extends Error {
  override readonly name = 'NoRoomError';

  constructor(readonly refusal: RequestRefusal) {
    super(refusal.message);
  }
}

/** Makes requests. */
export class RequestService {
  readonly #entities: Pick<EntityAccessService, 'assess'>;
  readonly #store: RequestStore;
  readonly #refusals: RefusalTrail;
  readonly #mayCreate: (caller: Caller, entityRef: string) => Promise<boolean>;
  readonly #mayUse: (caller: Caller, request: NewRequest) => Promise<boolean>;
  readonly #randomBytes: (size: number) => Uint8Array;
  readonly #poke: (requestId: string) => void;
  readonly #defaults: RequestDefaults;
  readonly #quotas: RequestQuotas;

  constructor(options: {
    entities: Pick<EntityAccessService, 'assess'>;
    store: RequestStore;
    refusals: RefusalTrail;
    mayCreate(caller: Caller, entityRef: string): Promise<boolean>;
    /** Whether the caller could use what the request asks for, once it is granted. */
    mayUse(caller: Caller, request: NewRequest): Promise<boolean>;
    randomBytes(size: number): Uint8Array;
    /** Makes the controller look at the request soon. */
    poke(requestId: string): void;
    defaults: RequestDefaults;
    quotas: RequestQuotas;
  }) {
    this.#entities = options.entities;
    this.#store = options.store;
    this.#refusals = options.refusals;
    this.#mayCreate = options.mayCreate;
    this.#mayUse = options.mayUse;
    this.#randomBytes = options.randomBytes;
    this.#poke = options.poke;
    this.#defaults = options.defaults;
    this.#quotas = options.quotas;
  }

  /**
   * @param idempotencyKey - a repeated call with the same key and the same body finds the request of the first one
   * @throws InputError, NotAllowedError, ConflictError or ServiceUnavailableError with a message for people
   * @throws NotFoundError when the caller cannot see the entity
   */
  async create(
    body: CreateAccessRequest,
    caller: Caller,
    idempotencyKey?: string,
  ): Promise<StoredRequest> {
    const asked = {
      ...body,
      entityRef: readEntityRef(body.entityRef),
      reason: readText('reason', body.reason),
    };
    const open = await this.#openRequests(caller);
    const input = await this.#gather(asked, caller, open.length);
    const refusal = mayRequest(input);
    if (refusal && refusal.reason !== 'too-many-open') {
      throw await this.#refuse(asked, caller, refusal);
    }
    const [target] = meantTargets(input);
    const request = await this.#newRequest(
      asked,
      target,
      caller,
      idempotencyKey,
    );
    if (!(await this.#mayUse(caller, request))) {
      const { code, message } = PROBLEMS.notUsable();
      throw await this.#refuse(asked, caller, { reason: code, message });
    }
    // Whoever repeats a call gets the answer of the first, also when there is no room for another request.
    if (refusal && !open.some(({ digest }) => digest === request.digest)) {
      throw await this.#refuse(asked, caller, refusal);
    }
    const stored = await this.#store
      .create(request, activity =>
        demandRoom(
          mayRequest({ ...input, openRequests: activity.openRequests }) ??
            mayAskNow(activity, this.#quotas),
        ),
      )
      .catch(async error => {
        throw error instanceof NoRoomError
          ? await this.#refuse(asked, caller, error.refusal)
          : error;
      });
    this.#poke(stored.id);
    return stored;
  }

  async #gather(
    asked: CreateAccessRequest,
    caller: Caller,
    openRequests: number,
  ): Promise<RequestInput> {
    const [assessment, isPermitted] = await Promise.all([
      this.#entities.assess(asked.entityRef, caller),
      this.#mayCreate(caller, asked.entityRef),
    ]);
    return {
      asked,
      isGuest: isGuest(caller.userRef),
      isPermitted,
      assessment,
      limits: this.#defaults,
      openRequests,
      maxOpenRequests: this.#quotas.openRequestsPerUser,
    };
  }

  async #openRequests(caller: Caller): Promise<StoredRequest[]> {
    const [now, { items }] = await Promise.all([
      this.#store.now(),
      this.#store.list({
        requester: caller.userRef,
        open: true,
        limit: this.#quotas.openRequestsPerUser,
      }),
    ]);
    return items.filter(
      request => !isTerminal(stateAt(request, request.observed, now).phase),
    );
  }

  async #newRequest(
    asked: CreateAccessRequest,
    target: AssessedTarget,
    caller: Caller,
    idempotencyKey: string | undefined,
  ): Promise<NewRequest> {
    const { connection, namespace, podSelector, cluster, approvers } = target;
    if (!connection) {
      throw new ServiceUnavailableError(
        `The cluster ${cluster.title} cannot be used now; try again in a few minutes`,
      );
    }
    const terms: RequestTerms = {
      requester: caller.userRef,
      entityRef: asked.entityRef,
      clusterUid: connection.uid,
      targets: [{ namespace, podSelector }],
      accessLevel: asked.accessLevel,
      reason: asked.reason,
      durationSeconds: asked.durationSeconds,
      policy: { name: 'default', approvals: this.#defaults.approvals },
    };
    const now = await this.#store.now();
    const id = createRequestId(now.getTime(), this.#randomBytes(10));
    const digest = digestOf(terms);
    return {
      id,
      terms,
      digest,
      clusterName: cluster.name,
      resourceName: `ar-${id}`,
      pendingSeconds: this.#defaults.pendingSeconds,
      approvers,
      ...(idempotencyKey ? { idempotencyKey } : {}),
      audit: [
        {
          eventId: 'request-create',
          actor: caller.userRef,
          outcome: 'succeeded',
          requestId: id,
          meta: {
            entityRef: terms.entityRef,
            cluster: cluster.name,
            namespace,
            podSelector,
            accessLevel: terms.accessLevel,
            durationSeconds: terms.durationSeconds,
            digest,
            owners: approvers.owners,
          },
        },
      ],
    };
  }

  async #refuse(
    asked: CreateAccessRequest,
    caller: Caller,
    refusal: RequestRefusal,
  ): Promise<Error> {
    const error = errorOf(refusal);
    if (!INPUT_REASONS.includes(refusal.reason)) {
      await this.#refusals.record(
        {
          actor: caller.userRef,
          action: 'request-create',
          reason: refusal.reason,
          target: asked.entityRef,
        },
        error,
      );
    }
    return error;
  }
}

function demandRoom(refusal: RequestRefusal | undefined): void {
  if (refusal) {
    throw new NoRoomError(refusal);
  }
}

function errorOf({ reason, message }: RequestRefusal): Error {
  if (INPUT_REASONS.includes(reason)) {
    return new InputError(message);
  }
  switch (reason) {
    case 'too-many-open':
    case 'too-many-asked':
    case 'denied-lately':
      return new ConflictError(message);
    case 'cluster-unreachable':
      return new ServiceUnavailableError(message);
    default:
      return new NotAllowedError(message);
  }
}
