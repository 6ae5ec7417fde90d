import { isDeepStrictEqual } from 'node:util';
import {
  ConflictError,
  InputError,
  NotAllowedError,
  ServiceUnavailableError,
  toError,
} from '@backstage/errors';
import type {
  AccessProblem,
  ApproverSummary,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { stateAt } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { RefusalTrail } from '../audit/RefusalTrail';
import type { RequestDefaults } from '../config';
import type {
  RequestChange,
  RequestStore,
  StoredRequest,
} from '../database/types';
import type {
  ApproverFinder,
  Caller,
  EntityAccessService,
  Names,
  TargetInspector,
} from '../requests';
import { PLAIN_NAMES } from '../requests';
import type { Directory } from './Directory';
import type { DecideInput, DecideRefusal, DecisionInput } from './mayDecide';
import { mayDecide } from './mayDecide';

/** Who could decide now, and whether the targets would still open. */
export type Standing = Pick<
  DecideInput,
  'approversNow' | 'targetProblem' | 'entityIsGone'
>;

/** The owners to whom every target opens, or why one does not. */
interface Inspected {
  owners?: string[];
  problem?: AccessProblem;
}

/** Writes approvers' decisions into the record. */
export class ApprovalService {
  readonly #store: RequestStore;
  readonly #directory: Pick<Directory, 'entity'>;
  readonly #entities: Pick<EntityAccessService, 'responsible'>;
  readonly #inspector: Pick<TargetInspector, 'inspect'>;
  readonly #approvers: ApproverFinder;
  readonly #refusals: RefusalTrail;
  readonly #names: Names;
  readonly #limits: RequestDefaults;
  readonly #excludedNamespaces: string[];

  constructor(options: {
    store: RequestStore;
    directory: Pick<Directory, 'entity'>;
    entities: Pick<EntityAccessService, 'responsible'>;
    inspector: Pick<TargetInspector, 'inspect'>;
    approvers: ApproverFinder;
    refusals: RefusalTrail;
    /** How people are called; by their refs where it is missing. */
    names?: Names;
    defaults: RequestDefaults;
    excludedNamespaces: string[];
  }) {
    this.#store = options.store;
    this.#directory = options.directory;
    this.#entities = options.entities;
    this.#inspector = options.inspector;
    this.#approvers = options.approvers;
    this.#refusals = options.refusals;
    this.#names = options.names ?? PLAIN_NAMES;
    this.#limits = options.defaults;
    this.#excludedNamespaces = options.excludedNamespaces;
  }

  /**
   * @param request - as the caller was found to see it; what counts is read again in the transaction
   * @param isPermitted - what the floor and the permission framework say
   * @param standingNow - where it was asked for already, for this decision and none before
   * @throws NotAllowedError, ConflictError, InputError or ServiceUnavailableError with a message for people
   */
  async decide(
    request: StoredRequest,
    decision: DecisionInput,
    caller: Caller,
    isPermitted: boolean,
    standingNow: Promise<Standing> = this.standing(request, decision),
  ): Promise<StoredRequest> {
    const [standing] = await Promise.all([
      standingNow,
      this.#names.learn([
        ...request.approvers.users,
        ...request.entries.map(({ actor }) => actor),
      ]),
    ]);
    let refusal: DecideRefusal | undefined;
    try {
      return await this.#store.change(request.id, (current, now) => {
        refusal = mayDecide({
          caller,
          inPerson: caller.credentials.principal.actor === undefined,
          decision,
          request: current,
          state: stateAt(current, current.observed, now),
          isPermitted,
          limits: this.#limits,
          names: this.#names,
          ...standing,
        });
        if (refusal) {
          throw errorOf(refusal, standing.targetProblem);
        }
        return changeFor(current, decision, caller.userRef);
      });
    } catch (error) {
      await this.#audit(toError(error), refusal, request, decision, caller);
      throw error;
    }
  }

  /**
   * Asks catalog and cluster what a decision is judged by, as of now. All of it at once: most requests belong to the
   * same owners as when they were made.
   */
  async standing(
    request: StoredRequest,
    { verdict }: Pick<DecisionInput, 'verdict'>,
  ): Promise<Standing> {
    const asking = this.#directory.entity(request.terms.entityRef);
    const responsible = asking.then(found =>
      found ? this.#entities.responsible(found) : [],
    );
    const before = request.approvers.owners;
    const [entity, owners, inspected, ofOwnersBefore] = await Promise.all([
      asking,
      responsible,
      // To say no, nobody needs the cluster.
      verdict === 'approve'
        ? this.#inspect(request, responsible)
        : ({} as Inspected),
      this.#find(request, before),
    ]);
    if (!entity) {
      return { entityIsGone: true, approversNow: { owners: [], users: [] } };
    }
    // Whom the cluster does not answer for must not be told that they are no owner.
    const ownersNow = inspected.owners ?? owners;
    return {
      approversNow: isDeepStrictEqual(ownersNow, before)
        ? ofOwnersBefore
        : await this.#find(request, ownersNow),
      ...(inspected.problem ? { targetProblem: inspected.problem } : {}),
    };
  }

  /** The owners to whom every target opens now. */
  async #inspect(
    request: StoredRequest,
    entityOwners: Promise<string[]>,
  ): Promise<Inspected> {
    let owners = entityOwners;
    const looks = request.terms.targets.map(({ namespace }) => {
      const look = this.#lookAt(request, namespace, owners);
      // Each target leaves those to whom the ones before it open.
      owners = look.then(seen => seen.owners ?? []);
      return look;
    });
    const [left, ...seen] = await Promise.all([owners, ...looks]);
    const problem = seen.find(look => look.problem)?.problem;
    return problem ? { problem } : { owners: left };
  }

  async #lookAt(
    request: StoredRequest,
    namespace: string,
    owners: Promise<string[]>,
  ): Promise<Inspected> {
    const inspection = await this.#inspector.inspect(
      { clusterName: request.clusterName, namespace },
      owners,
    );
    if (inspection.problem) {
      return { problem: inspection.problem };
    }
    const problem = this.#problemOfTarget(
      request,
      namespace,
      inspection.connection.uid,
    );
    return problem ? { problem } : { owners: inspection.owners };
  }

  #problemOfTarget(
    request: StoredRequest,
    namespace: string,
    clusterUid: string,
  ): AccessProblem | undefined {
    if (clusterUid !== request.terms.clusterUid) {
      return {
        code: 'unknown-cluster',
        message: `The name ${request.clusterName} stands for another cluster now than when this was asked. It must be asked again.`,
      };
    }
    return this.#excludedNamespaces.includes(namespace)
      ? {
          code: 'namespace-excluded',
          message: `Nobody gets access to the namespace ${namespace} in this way any more.`,
        }
      : undefined;
  }

  async #find(
    request: StoredRequest,
    owners: string[],
  ): Promise<ApproverSummary> {
    return this.#approvers.find({ requester: request.requester, owners });
  }

  async #audit(
    error: Error,
    refusal: DecideRefusal | undefined,
    request: StoredRequest,
    { verdict }: DecisionInput,
    caller: Caller,
  ): Promise<void> {
    if (refusal && refusal.reason !== 'no-comment') {
      await this.#refusals.record(
        {
          actor: caller.userRef,
          action: 'request-decide',
          reason: refusal.reason,
          requestId: request.id,
          meta: { verdict },
        },
        error,
      );
    }
  }
}

function changeFor(
  request: StoredRequest,
  { verdict, digest, comment }: DecisionInput,
  actor: string,
): RequestChange {
  return {
    entries: [
      {
        kind: 'decided',
        actor,
        verdict,
        digest,
        ...(comment ? { comment } : {}),
      },
    ],
    audit: [
      {
        eventId: 'request-decide',
        actor,
        outcome: 'succeeded',
        requestId: request.id,
        meta: {
          verdict,
          digest,
          requester: request.requester,
          entityRef: request.terms.entityRef,
          commented: comment !== '',
        },
      },
    ],
  };
}

function errorOf(
  { reason, message }: DecideRefusal,
  targetProblem: AccessProblem | undefined,
): Error {
  switch (reason) {
    case 'no-comment':
      return new InputError(message);
    case 'not-pending':
    case 'already-decided':
    case 'other-digest':
    case 'policy-stricter':
    case 'approver-left':
      return new ConflictError(message);
    case 'target-closed':
      return targetProblem?.code === 'cluster-unreachable'
        ? new ServiceUnavailableError(message)
        : new NotAllowedError(message);
    default:
      return new NotAllowedError(message);
  }
}
