import type { PermissionsService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import type {
  AuthorizePermissionRequest,
  ResourcePermission,
} from '@backstage/plugin-permission-common';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { ConditionTransformer } from '@backstage/plugin-permission-node';
import {
  createConditionAuthorizer,
  createConditionTransformer,
} from '@backstage/plugin-permission-node';
import type {
  AllowedActions,
  RequestState,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  adminPermission,
  auditReadPermission,
  recordingReadPermission,
  requestApprovePermission,
  requestCreatePermission,
  requestReadPermission,
  requestRevokePermission,
  sessionOpenPermission,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AccessRequestFilter } from '@kubernetes-access/backstage-plugin-kubernetes-access-node';
import { accessRequestRules } from '@kubernetes-access/backstage-plugin-kubernetes-access-node';
import type {
  NewRequest,
  RequestCriteria,
  StoredRequest,
} from '../database/types';
import { factsOnceGranted } from './factsOf';
import { isGuest } from './guests';
import type { Caller } from './Caller';
import type { FloorInput } from './floor';
import { actionsOnFloor, floor } from './floor';

/** The permission that the framework is asked for before an action. Withdrawing one's own request needs none. */
const PERMISSION_OF_ACTION = {
  decide: requestApprovePermission,
  revoke: requestRevokePermission,
  openSession: sessionOpenPermission,
} as const;

/** What the framework is asked about. */
export type AskedAction = keyof typeof PERMISSION_OF_ACTION;
const ASKED_ACTIONS = Object.keys(PERMISSION_OF_ACTION) as AskedAction[];

type Question = readonly [permission: ResourcePermission, resourceRef: string];

const RULES = Object.values(accessRequestRules);
const isMet = createConditionAuthorizer(RULES);
const toCriteria: ConditionTransformer<AccessRequestFilter> =
  createConditionTransformer(RULES);

/** Decides who sees and does what: first by the floor, then by the permission framework, which only narrows. */
export class RequestGate {
  readonly #permissions: PermissionsService;
  readonly #admins: string[];
  readonly #auditors: string[];
  readonly #approversReadRecordings: boolean;

  constructor(options: {
    permissions: PermissionsService;
    admins: string[];
    auditors: string[];
    /** Default: no. */
    approversReadRecordings?: boolean;
  }) {
    this.#permissions = options.permissions;
    this.#admins = options.admins;
    this.#auditors = options.auditors;
    this.#approversReadRecordings = options.approversReadRecordings ?? false;
  }

  /** Whether somebody sees every request. */
  seesEverything(caller: Caller): boolean {
    return (
      !isGuest(caller.userRef) &&
      caller.ownershipRefs.some(
        ref => this.#admins.includes(ref) || this.#auditors.includes(ref),
      )
    );
  }

  /**
   * What the framework leaves to see of all requests, or also to decide on: the criteria that hold for each of them,
   * none where it leaves everything, and undefined where it leaves nothing. The floor is not looked at.
   */
  async permitted(
    caller: Caller,
    to: 'see' | 'decide',
  ): Promise<{ criteria?: RequestCriteria } | undefined> {
    const permissions =
      to === 'see'
        ? [requestReadPermission]
        : [requestReadPermission, requestApprovePermission];
    const decisions = await this.#permissions.authorizeConditional(
      permissions.map(permission => ({ permission })),
      { credentials: caller.credentials },
    );
    const criteria: RequestCriteria[] = [];
    for (const decision of decisions) {
      if (decision.result === AuthorizeResult.CONDITIONAL) {
        criteria.push(toCriteria(decision.conditions));
      } else if (decision.result !== AuthorizeResult.ALLOW) {
        return undefined;
      }
    }
    const [first, ...rest] = criteria;
    return first ? { criteria: { allOf: [first, ...rest] } } : {};
  }

  /** Those of the requests that the floor shows to the caller. */
  onFloor(caller: Caller, requests: StoredRequest[]): StoredRequest[] {
    return requests.filter(request =>
      floor.maySee(this.#floorInput(caller, request)),
    );
  }

  /**
   * Asks for all that is to be known of a request to show it, in one question that the others below need not repeat
   * for the same call of the API.
   */
  foresee(caller: Caller, request: StoredRequest | undefined): void {
    const input = request && this.#floorInput(caller, request);
    if (!input || !floor.maySee(input)) {
      return;
    }
    const { id } = input.request;
    const permissions = [
      requestReadPermission,
      ...ASKED_ACTIONS.filter(action =>
        this.#isOnFloor(caller, action, input.request),
      ).map(action => PERMISSION_OF_ACTION[action]),
      ...(floor.mayReadRecordings(input) ? [recordingReadPermission] : []),
    ];
    this.#askAhead(caller, permissions, id);
  }

  /**
   * Asks what {@link RequestGate.requireVisibleFor} will ask for the same call of the API, so that others who need a
   * part of it do not ask for themselves. Nothing for whom the floor does not let act: nobody hears of them.
   */
  askAhead(caller: Caller, action: AskedAction, request: StoredRequest): void {
    if (this.#isOnFloor(caller, action, request)) {
      this.#askAhead(
        caller,
        [requestReadPermission, PERMISSION_OF_ACTION[action]],
        request.id,
      );
    }
  }

  #askAhead(caller: Caller, permissions: ResourcePermission[], id: string) {
    if (caller.answers) {
      this.#ask(
        caller,
        permissions.map(permission => [permission, id] as const),
      ).catch(() => {
        // Whoever needs the answer hears of it.
      });
    }
  }

  /** @throws NotFoundError for strangers as for a request that there is not */
  async requireVisible(
    caller: Caller,
    request: StoredRequest | undefined,
    id: string,
  ): Promise<StoredRequest> {
    const [seen] = request ? this.onFloor(caller, [request]) : [];
    const [isVisible] = seen
      ? await this.#ask(caller, [[requestReadPermission, id]])
      : [];
    if (!isVisible) {
      throw notFound(id);
    }
    return seen;
  }

  /**
   * As {@link RequestGate.requireVisible} and {@link RequestGate.may} one after the other, in one question.
   *
   * @throws NotFoundError for strangers as for a request that there is not
   */
  async requireVisibleFor(
    caller: Caller,
    action: AskedAction,
    request: StoredRequest | undefined,
    id: string,
  ): Promise<{ request: StoredRequest; isAllowed: boolean }> {
    const [seen] = request ? this.onFloor(caller, [request]) : [];
    if (!seen) {
      throw notFound(id);
    }
    const isOnFloor = this.#isOnFloor(caller, action, seen);
    const permission = isOnFloor ? PERMISSION_OF_ACTION[action] : undefined;
    const [isVisible, isPermitted] = await this.#ask(caller, [
      [requestReadPermission, id],
      ...(permission ? [[permission, id] as const] : []),
    ]);
    if (!isVisible) {
      throw notFound(id);
    }
    return { request: seen, isAllowed: isOnFloor && isPermitted === true };
  }

  /** What the caller may do with each of the requests now. */
  async actions(
    caller: Caller,
    items: Array<{ request: StoredRequest; state: RequestState }>,
  ): Promise<AllowedActions[]> {
    const onFloor = items.map(({ request, state }) =>
      actionsOnFloor(this.#floorInput(caller, request), state),
    );
    const asked = onFloor.flatMap((actions, index) =>
      ASKED_ACTIONS.filter(
        // Who decides does not revoke; but whom the framework does not let decide may.
        action => actions[action] || (action === 'revoke' && actions.decide),
      ).map(action => ({ action, index })),
    );
    const allowed = await this.#ask(
      caller,
      asked.map(({ action, index }) => [
        PERMISSION_OF_ACTION[action],
        items[index].request.id,
      ]),
    );
    asked.forEach(({ action, index }, position) => {
      onFloor[index][action] = allowed[position];
    });
    for (const actions of onFloor) {
      actions.revoke = actions.revoke && !actions.decide;
    }
    return onFloor;
  }

  /** Whether somebody may do something with a request, in whatever phase it is. */
  async may(
    caller: Caller,
    action: keyof AllowedActions,
    request: StoredRequest,
  ): Promise<boolean> {
    if (action === 'cancel') {
      return floor.mayCancel(this.#floorInput(caller, request));
    }
    const [allowed] = this.#isOnFloor(caller, action, request)
      ? await this.#ask(caller, [[PERMISSION_OF_ACTION[action], request.id]])
      : [false];
    return allowed;
  }

  /** Whether somebody may play what was recorded under a request. */
  async mayReadRecordings(
    caller: Caller,
    request: StoredRequest,
  ): Promise<boolean> {
    const playable = await this.withPlayableRecordings(caller, [request]);
    return playable.length > 0;
  }

  /** Those of the requests under which somebody may play what was recorded. */
  async withPlayableRecordings(
    caller: Caller,
    requests: StoredRequest[],
  ): Promise<StoredRequest[]> {
    const onFloor = requests.filter(request =>
      floor.mayReadRecordings(this.#floorInput(caller, request)),
    );
    const allowed = await this.#ask(
      caller,
      onFloor.map(({ id }) => [recordingReadPermission, id]),
    );
    return onFloor.filter((_, index) => allowed[index]);
  }

  /** Whether somebody may ask for access to an entity. Guests never do: nobody could tell who it was. */
  async mayCreate(caller: Caller, entityRef: string): Promise<boolean> {
    const [allowed] = isGuest(caller.userRef)
      ? [false]
      : await this.#ask(caller, [[requestCreatePermission, entityRef]]);
    return allowed;
  }

  /** Whether the framework would let the requester use what is asked for: nobody has to wait for what is of no use. */
  async mayUse(caller: Caller, request: NewRequest): Promise<boolean> {
    const [decision] = await this.#permissions.authorizeConditional(
      [{ permission: sessionOpenPermission }],
      { credentials: caller.credentials },
    );
    return isMet(decision, factsOnceGranted(request));
  }

  /** Whether somebody may read the audit trail: who sees every request, unless the framework says no. */
  async mayReadAudit(caller: Caller): Promise<boolean> {
    if (!this.seesEverything(caller)) {
      return false;
    }
    const [{ result }] = await this.#permissions.authorize(
      [{ permission: auditReadPermission }],
      { credentials: caller.credentials },
    );
    return result === AuthorizeResult.ALLOW;
  }

  /** Whether somebody may see how the clusters are: admins, unless the framework says no. */
  async mayAdminister(caller: Caller): Promise<boolean> {
    if (
      isGuest(caller.userRef) ||
      !caller.ownershipRefs.some(ref => this.#admins.includes(ref))
    ) {
      return false;
    }
    const [{ result }] = await this.#permissions.authorize(
      [{ permission: adminPermission }],
      { credentials: caller.credentials },
    );
    return result === AuthorizeResult.ALLOW;
  }

  #isOnFloor(
    caller: Caller,
    action: AskedAction,
    request: StoredRequest,
  ): boolean {
    const isAllowed = {
      decide: floor.mayDecide,
      revoke: floor.mayRevoke,
      openSession: floor.mayOpenSession,
    }[action];
    return isAllowed(this.#floorInput(caller, request));
  }

  #floorInput(caller: Caller, request: StoredRequest): FloorInput {
    return {
      caller,
      request,
      admins: this.#admins,
      auditors: this.#auditors,
      approversReadRecordings: this.#approversReadRecordings,
    };
  }

  async #ask(caller: Caller, questions: Question[]): Promise<boolean[]> {
    const answers = caller.answers ?? new Map<string, Promise<boolean>>();
    const open = questions.filter(question => !answers.has(keyOf(question)));
    if (open.length > 0) {
      const answered = this.#authorize(caller, open);
      open.forEach((question, index) => {
        const answer = answered.then(results => results[index]);
        // Heard of where it is needed.
        answer.catch(() => {});
        answers.set(keyOf(question), answer);
      });
    }
    return Promise.all(
      questions.map(question => answers.get(keyOf(question))!),
    );
  }

  async #authorize(caller: Caller, questions: Question[]): Promise<boolean[]> {
    const requests: AuthorizePermissionRequest[] = questions.map(
      ([permission, resourceRef]) => ({ permission, resourceRef }),
    );
    const decisions = await this.#permissions.authorize(requests, {
      credentials: caller.credentials,
    });
    return decisions.map(({ result }) => result === AuthorizeResult.ALLOW);
  }
}

function keyOf([permission, resourceRef]: Question): string {
  return `${permission.name} ${resourceRef}`;
}

function notFound(id: string): NotFoundError {
  return new NotFoundError(`There is no request '${id}'`);
}
