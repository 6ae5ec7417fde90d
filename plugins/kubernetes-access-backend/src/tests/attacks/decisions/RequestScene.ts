import type { PermissionsService } from '@backstage/backend-plugin-api';
import type {
  RecordEntry,
  RequestTerms,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  isTerminal,
  stateAt,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { RecordEntryInput, StoredRequest } from '../../../database/types';
import { aGroup, aUser, demoCatalog } from '../../../testUtils/catalog';
import { aNewRequest } from '../../../testUtils/requests';
import { aNewSession } from '../../../testUtils/sessions';
import { TestApi } from '../../../testUtils/TestApi';
import type { Phase, Role } from './decisionTable';

const DAY = 24 * 3600 * 1000;
const HOUR = 3600 * 1000;

/** Who plays whom. Dan and Lee were of the payments team when Ada asked; Jo came afterwards. */
export const PERSON_OF: Record<Role, string> = {
  requester: 'user:default/ada',
  undecided: 'user:default/olga',
  decided: 'user:default/omar',
  decidedAndLeft: 'user:default/dan',
  joined: 'user:default/jo',
  admin: 'user:default/pia',
  auditor: 'user:default/kim',
  left: 'user:default/lee',
  other: 'user:default/sam',
  stranger: 'user:default/zoe',
  guest: 'user:development/guest',
};

const TERMS: Partial<RequestTerms> = {
  clusterUid: 'cluster-uid',
  policy: { name: 'default', approvals: 2 },
};

/** Time that passes, a grant that starts, or an entry. */
type Step =
  | number
  | 'granted'
  | ((facts: { decider: string; digest: string }) => RecordEntryInput);

const decide =
  (verdict: 'approve' | 'deny', who?: string): Step =>
  ({ decider, digest }) => ({
    kind: 'decided',
    actor: who ?? decider,
    verdict,
    digest,
  });

const end =
  (
    reason: Extract<RecordEntry, { kind: 'ended' }>['reason'],
    actor: string,
  ): Step =>
  () => ({ kind: 'ended', actor, reason });

const approved: Step[] = [
  decide('approve'),
  decide('approve', 'user:default/oona'),
];

/** How a request comes to be in a phase. */
const STEPS: Record<Phase, Step[]> = {
  Pending: [decide('approve')],
  'Pending past its time': [decide('approve'), DAY],
  Approved: approved,
  'Approved past its time': [...approved, HOUR],
  Active: [...approved, 'granted'],
  'Active past its time': [...approved, 'granted', HOUR],
  Denied: [decide('deny')],
  Revoked: [...approved, 'granted', end('revoked', 'user:default/pia')],
  Cancelled: [decide('approve'), end('cancelled', 'user:default/ada')],
  Expired: [...approved, 'granted', HOUR, end('expired', 'system')],
  Failed: [...approved, end('failed', 'system')],
};

/** A team after some have left and one has joined, and requests of any phase from before that. */
export class RequestScene {
  static async start(permissions?: PermissionsService): Promise<RequestScene> {
    const defaults = {
      minDurationSeconds: 600,
      maxDurationSeconds: 28_800,
      defaultDurationSeconds: 3600,
      minReasonLength: 10,
      maxReasonLength: 1000,
      approvals: 2,
      pendingSeconds: DAY / 1000,
    };
    const api = await TestApi.start({
      permissions,
      options: { defaults },
      entities: [
        ...demoCatalog().filter(({ metadata }) => metadata.name !== 'payments'),
        aGroup('payments', { members: ['olga', 'omar', 'oona', 'jo'] }),
        aUser('oona', 'payments'),
        aUser('jo', 'payments'),
        aUser('dan'),
        aUser('lee'),
      ],
    });
    return new RequestScene(api);
  }

  private constructor(readonly api: TestApi) {}

  async stop(): Promise<void> {
    await this.api.stop();
  }

  /** What a policy would find that somebody owns. */
  claimsOf(userRef: string): string[] {
    const user = this.api.entities.find(
      ({ kind, metadata: { namespace, name } }) =>
        kind === 'User' && userRef === `user:${namespace}/${name}`,
    );
    const groups = user?.relations?.map(({ targetRef }) => targetRef) ?? [];
    return [userRef, ...groups];
  }

  /** A request of Ada's in a phase, on which somebody has decided. */
  async request(phase: Phase, decider: string): Promise<StoredRequest> {
    const { requests } = this.api.stores;
    const asked = await requests.create(
      aNewRequest({
        terms: { ...TERMS, durationSeconds: HOUR / 1000 },
        approvers: {
          owners: ['group:default/payments'],
          users: ['dan', 'lee', 'olga', 'omar', 'oona'].map(
            name => `user:default/${name}`,
          ),
        },
      }),
      () => {},
    );
    for (const step of STEPS[phase]) {
      await this.#take(step, asked, decider);
    }
    await this.#record(asked);
    return (await requests.get(asked.id))!;
  }

  /** A session that was recorded, with the id of its request. */
  async #record({ id, terms }: StoredRequest): Promise<void> {
    const { sessions } = this.api.stores;
    await sessions.create(
      aNewSession({ id, requestId: id, clusterUid: terms.clusterUid }),
      { hash: id.padEnd(64, '0'), expiresAt: new Date(0) },
      [],
    );
  }

  async #take(
    step: Step,
    { id, digest }: StoredRequest,
    decider: string,
  ): Promise<void> {
    if (typeof step === 'number') {
      await this.api.clock.advance(step);
      return;
    }
    if (step === 'granted') {
      await this.api.grant(id);
      return;
    }
    const entries = [step({ decider, digest })];
    await this.api.stores.requests.change(id, () => ({ entries }));
  }

  /** Ends what is still open, so that the next request has room. */
  async clear(): Promise<void> {
    const { requests } = this.api.stores;
    const now = await requests.now();
    const { items } = await requests.list({ open: true, limit: 100 });
    for (const item of items) {
      if (!isTerminal(stateAt(item, item.observed, now).phase)) {
        await requests.change(item.id, () => ({
          entries: [{ kind: 'ended', actor: 'system', reason: 'revoked' }],
        }));
      }
    }
  }
}
