import { ConflictError } from '@backstage/errors';
import {
  deadlineOf,
  isTerminal,
  stateAt,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../database/types';
import { isConflict, NotLeadingError } from '../kubernetes';
import type { PodChoice } from './choosePods';
import type { GrantContext } from './GrantContext';
import { GrantUnfinishedError } from './GrantUnfinishedError';
import { noteFailure, noteSuccess } from './noteFailure';
import type { Facts, Step } from './plan';
import { plan } from './plan';
import { readResource } from './readResource';
import { applyGrant } from './steps/applyGrant';
import { commitEnd } from './steps/commitEnd';
import { commitStart } from './steps/commitStart';
import { createResource } from './steps/createResource';
import { markResource } from './steps/markResource';
import { mirrorStatus } from './steps/mirrorStatus';
import { recordResource } from './steps/recordResource';
import { removeGrant } from './steps/removeGrant';
import { settleFinished } from './steps/settleFinished';

/** A request goes through seven steps in the longest case; more means that somebody changes things as fast as we do. */
const MAX_STEPS = 12;
/** How often a standing grant is compared in full even when nothing was heard. */
const RESYNC_MS = 30_000;

/** When to look again. */
export interface ReconcileResult {
  requeueAfterMs?: number;
}

/**
 * Brings what is in a cluster in line with the record of a request, one step after the other.
 *
 * It is level-triggered: whatever woke it, it looks at record, resource and clock, lets `plan` say what is next, does
 * that, and looks again. Every step can be repeated, so it may be interrupted anywhere and run by anybody.
 */
export class RequestReconciler {
  readonly #context: GrantContext;

  constructor(context: GrantContext) {
    this.#context = context;
  }

  async reconcile(requestId: string): Promise<ReconcileResult> {
    try {
      return await this.#walk(requestId);
    } catch (error) {
      if (!isPassing(error)) {
        await noteFailure(this.#context, requestId, error);
      }
      throw error;
    }
  }

  async #walk(requestId: string): Promise<ReconcileResult> {
    let seen: Facts['resource'];
    for (let count = 0; count < MAX_STEPS; count++) {
      const facts = await this.#gather(requestId, seen);
      if (!facts) {
        return {};
      }
      const step = plan(facts);
      const result = await this.#do(step, facts).catch(lookAgainOnConflict);
      if (result) {
        return result;
      }
      // To commit the start takes a moment and touches nothing in the cluster; what happens to the resource in that
      // moment is heard like what happens to it a moment later.
      seen = step.kind === 'commit-start' ? facts.resource : undefined;
    }
    throw new GrantUnfinishedError(
      `Request '${requestId}' was not settled after ${MAX_STEPS} steps`,
    );
  }

  /** @param seen - the resource, where it was read a moment ago */
  async #gather(
    requestId: string,
    seen: Facts['resource'],
  ): Promise<Facts | undefined> {
    const { store, connection, installationId } = this.#context;
    const request = await store.get(requestId);
    if (!request || request.terms.clusterUid !== connection.uid) {
      return undefined;
    }
    const now = await store.now();
    const state = stateAt(request, request.observed, now);
    // What has ended is taken back whatever the resource says, and also while it cannot be read.
    const resource = isTerminal(state.phase)
      ? undefined
      : seen ?? (await readResource(this.#context, request.resourceName));
    return { request, resource, now, installationId };
  }

  /** Returns when to look again, or nothing when the next step follows at once. */
  async #do(step: Step, facts: Facts): Promise<ReconcileResult | undefined> {
    const context = this.#context;
    if (!context.leads()) {
      // Also what goes on record would be somebody else's to say by now.
      throw new NotLeadingError(
        `Request '${facts.request.id}' was left to the process that looks after cluster '${context.connection.name}' now`,
      );
    }
    switch (step.kind) {
      case 'create-resource':
        await createResource(context, facts);
        return undefined;
      case 'record-resource':
        await recordResource(context, facts.request.id, step.uid);
        return undefined;
      case 'mark-resource':
        await markResource(context, facts);
        return undefined;
      case 'commit-start':
        await commitStart(context, facts);
        return undefined;
      case 'commit-end':
        await commitEnd(context, facts, step.end);
        return undefined;
      case 'remove-grant':
        await removeGrant(context, facts);
        return undefined;
      case 'apply-grant':
        return this.#settle(
          facts,
          RESYNC_MS,
          await applyGrant(context, facts, step.resourceUid),
        );
      case 'wait':
        await noteSuccess(context, facts.request);
        return this.#settle(facts);
      default:
        await settleFinished(context, facts);
        return {};
    }
  }

  /** Reads the record again: what has ended in the meantime is not settled. */
  async #settle(
    { request, resource }: Facts,
    resyncMs: number = Infinity,
    pods?: PodChoice,
  ): Promise<ReconcileResult | undefined> {
    const { store } = this.#context;
    const current = await store.get(request.id);
    const now = await store.now();
    if (!current || !resource || hasMovedOn(request, current, now)) {
      return undefined;
    }
    await mirrorStatus(this.#context, {
      request: current,
      now,
      resource,
      pods,
    });
    const state = stateAt(current, current.observed, now);
    const untilDeadline =
      Date.parse(deadlineOf(current, state)) - now.getTime();
    return { requeueAfterMs: Math.max(0, Math.min(untilDeadline, resyncMs)) };
  }
}

/** Whether another step than the one just done may be due: somebody decided or ended it, or time ran out. */
function hasMovedOn(
  before: StoredRequest,
  current: StoredRequest,
  now: Date,
): boolean {
  const { phase } = stateAt(current, current.observed, now);
  return isTerminal(phase) || current.entries.length !== before.entries.length;
}

/** What says nothing about the grant: somebody will look again, or somebody else looks after it. */
function isPassing(error: unknown): boolean {
  return (
    error instanceof GrantUnfinishedError || error instanceof NotLeadingError
  );
}

/** A conflict says that what was read is old: the next look reads it again. */
function lookAgainOnConflict(error: unknown): undefined {
  if (isConflict(error) || error instanceof ConflictError) {
    return undefined;
  }
  throw error;
}
