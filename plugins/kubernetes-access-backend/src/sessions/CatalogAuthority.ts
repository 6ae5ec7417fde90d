import type {
  AuthService,
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { NotAllowedError, ServiceUnavailableError } from '@backstage/errors';
import type { Clock } from '../controller/Clock';
import type { StoredRequest } from '../database/types';
import type { Directory } from '../approvals';
import type { Caller, TargetInspector } from '../requests';
import { readUserRef } from '../requests';
import { BriefMemory } from './BriefMemory';
import type { SessionRefusal } from './mayOpenSession';
import type { AuthorityQuestion, SessionAuthority } from './types';

/** Answers are good for so long: sessions of one request are checked together, and a change is still seen soon. */
const KEEP_MS = 10_000;

type Answer = SessionRefusal | undefined;

export interface CatalogAuthorityOptions {
  auth: Pick<AuthService, 'authenticate' | 'isPrincipal'>;
  directory: Pick<Directory, 'entity'>;
  /** Who answers for an entity. */
  responsible(entity: Entity): string[];
  inspector: Pick<TargetInspector, 'inspect'>;
  /** Whether the permission framework lets a user open sessions under a request. */
  mayOpen(caller: Caller, request: StoredRequest): Promise<boolean>;
  clock: Clock;
}

/** Asks the catalog, the permission framework and the target's cluster whether a session may begin or go on. */
export class CatalogAuthority implements SessionAuthority {
  readonly #options: CatalogAuthorityOptions;
  readonly #users: BriefMemory<boolean>;
  readonly #permissions: BriefMemory<boolean>;
  readonly #consents: BriefMemory<Answer>;

  constructor(options: CatalogAuthorityOptions) {
    this.#options = options;
    this.#users = new BriefMemory(options.clock, KEEP_MS);
    this.#permissions = new BriefMemory(options.clock, KEEP_MS);
    this.#consents = new BriefMemory(options.clock, KEEP_MS);
  }

  async identify(token: string): Promise<Caller> {
    const { auth } = this.#options;
    const credentials: BackstageCredentials = await auth.authenticate(token);
    const userRef = auth.isPrincipal(credentials, 'user')
      ? readUserRef(credentials.principal.userEntityRef)
      : undefined;
    if (!userRef) {
      throw new NotAllowedError('Only people sit in front of a terminal');
    }
    return {
      userRef,
      // What the session is under is the user's own request; nothing else matters here.
      ownershipRefs: [userRef],
      credentials: credentials as BackstageCredentials<BackstageUserPrincipal>,
    };
  }

  async knowsUser(
    userRef: string,
    options?: { fresh?: boolean },
  ): Promise<boolean> {
    const { directory } = this.#options;
    return this.#users.recall(
      userRef,
      async () => (await directory.entity(userRef)) !== undefined,
      options,
    );
  }

  async judge(
    question: AuthorityQuestion,
    options?: { fresh?: boolean },
  ): Promise<Answer> {
    const answers = await Promise.all([
      this.#judgeUser(question, options),
      this.#judgePermission(question, options),
      this.#judgeConsent(question, options),
    ]);
    return answers.find(answer => answer !== undefined);
  }

  async #judgeUser(
    { user, userInCatalog }: AuthorityQuestion,
    options?: { fresh?: boolean },
  ): Promise<Answer> {
    // Where people may sign in who are not in the catalog, nobody can be missed there.
    if (!userInCatalog || (await this.knowsUser(user, options))) {
      return undefined;
    }
    return refuse(
      'user-gone',
      `The catalog does not know ${user} any more, so there is nobody who could be here.`,
    );
  }

  async #judgePermission(
    { caller, request }: AuthorityQuestion,
    options?: { fresh?: boolean },
  ): Promise<Answer> {
    if (!caller) {
      return undefined;
    }
    const isPermitted = await this.#permissions.recall(
      JSON.stringify([caller.userRef, request.id]),
      () => this.#options.mayOpen(caller, request),
      options,
    );
    return isPermitted
      ? undefined
      : refuse(
          'not-permitted',
          'The permission to open terminals under this request was taken back.',
        );
  }

  async #judgeConsent(
    { request }: AuthorityQuestion,
    options?: { fresh?: boolean },
  ): Promise<Answer> {
    return this.#consents.recall(
      request.id,
      () => this.#askForConsent(request),
      options,
    );
  }

  /** Those under whom it was approved must still answer for it, and every target must still open to them. */
  async #askForConsent(request: StoredRequest): Promise<Answer> {
    const { directory, responsible, inspector } = this.#options;
    const { entityRef, targets } = request.terms;
    const asking = directory.entity(entityRef);
    const remaining = asking.then(entity =>
      entity
        ? responsible(entity).filter(owner =>
            request.approvers.owners.includes(owner),
          )
        : [],
    );
    const [entity, owners, ...inspections] = await Promise.all([
      asking,
      remaining,
      ...targets.map(({ namespace }) =>
        inspector.inspect(
          { clusterName: request.clusterName, namespace },
          remaining,
        ),
      ),
    ]);
    if (!entity) {
      return refuse(
        'consent-gone',
        `The catalog does not have ${entityRef} any more, so nobody answers for this access.`,
      );
    }
    if (owners.length === 0) {
      return refuse(
        'consent-gone',
        `${entityRef} has other owners now than when this was asked. Ask them for access.`,
      );
    }
    for (const { problem } of inspections) {
      if (problem?.code === 'cluster-unreachable') {
        throw new ServiceUnavailableError(problem.message);
      }
      if (problem) {
        return refuse('consent-gone', problem.message);
      }
    }
    return undefined;
  }
}

function refuse(
  reason: SessionRefusal['reason'],
  message: string,
): SessionRefusal {
  return { reason, close: 'notAllowed', message };
}
