import fc from 'fast-check';
import {
  isTerminal,
  stateAt,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { RecordEntry } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../database/types';
import {
  after,
  approvalOf,
  aStoredRequest,
  startOf,
  withEntries,
} from '../testUtils/stored';
import { buildResource } from './buildResource';
import { plan } from './plan';

const INSTALLATION = 'installation-1';
const base = aStoredRequest({
  observed: { resourceUid: 'uid-1', removal: { state: 'none' } },
});

function resourceOf(request: StoredRequest, metadata: object = {}) {
  const built = buildResource(request, INSTALLATION);
  return {
    ...built,
    metadata: { ...built.metadata, uid: 'uid-1', ...metadata },
  };
}

function planAt(
  seconds: number,
  request: StoredRequest,
  resource: ReturnType<typeof resourceOf> | undefined = resourceOf(request),
) {
  return plan({
    request,
    resource,
    now: new Date(after(seconds)),
    installationId: INSTALLATION,
  });
}

const approved = withEntries(base, approvalOf(base));
const started = withEntries(approved, startOf(base));
const active: StoredRequest = {
  ...started,
  observed: { ...started.observed, grantedAt: after(62) },
};

describe('plan', () => {
  it('makes the resource of a new request before anything else', () => {
    const fresh = aStoredRequest();
    expect(
      plan({
        request: fresh,
        now: new Date(after(1)),
        installationId: INSTALLATION,
      }),
    ).toEqual({
      kind: 'create-resource',
    });
  });

  it('notes the UID of a resource that a process made before it died', () => {
    const fresh = aStoredRequest();
    expect(planAt(1, fresh)).toEqual({ kind: 'record-resource', uid: 'uid-1' });
  });

  it('waits while nobody has decided', () => {
    expect(planAt(30, base)).toEqual({ kind: 'wait' });
  });

  it('commits the start of an approved request before it grants', () => {
    expect(planAt(61, approved)).toEqual({ kind: 'commit-start' });
    expect(planAt(62, started)).toEqual({
      kind: 'apply-grant',
      resourceUid: 'uid-1',
    });
  });

  it('keeps an active grant as it has to be', () => {
    expect(planAt(600, active)).toMatchObject({ kind: 'apply-grant' });
  });

  it('puts the expiry on record when the clock has ended it, then removes', () => {
    expect(planAt(61 + 3600, active)).toEqual({
      kind: 'commit-end',
      end: { reason: 'expired', actor: 'system' },
    });
    const ended = withEntries(active, {
      kind: 'ended',
      at: after(61 + 3601),
      actor: 'system',
      reason: 'expired',
    });
    expect(planAt(61 + 3602, ended)).toEqual({ kind: 'remove-grant' });
  });

  it('is finished only when the removal is verified', () => {
    const revoked = withEntries(active, {
      kind: 'ended',
      at: after(100),
      actor: 'user:default/olga',
      reason: 'revoked',
    });
    expect(planAt(101, revoked)).toEqual({ kind: 'remove-grant' });
    const failing = {
      ...revoked,
      observed: { ...revoked.observed, removal: { state: 'failing' as const } },
    };
    expect(planAt(101, failing)).toEqual({ kind: 'remove-grant' });
    const removed = {
      ...revoked,
      observed: { ...revoked.observed, removal: { state: 'removed' as const } },
    };
    expect(planAt(101, removed)).toEqual({ kind: 'finished' });
  });

  it('removes whatever there is of a denied request', () => {
    const denied = withEntries(base, {
      ...approvalOf(base),
      verdict: 'deny',
    } as RecordEntry);
    expect(planAt(61, denied)).toEqual({ kind: 'remove-grant' });
  });

  it('ends a request whose resource was deleted by hand, in nobody’s name', () => {
    const end = {
      reason: 'deleted',
      actor: 'outside Backstage, unknown',
    };
    expect(
      planAt(
        600,
        active,
        resourceOf(active, { deletionTimestamp: after(599) }),
      ),
    ).toMatchObject({ kind: 'commit-end', end });
    expect(
      plan({
        request: active,
        now: new Date(after(600)),
        installationId: INSTALLATION,
      }),
    ).toMatchObject({ kind: 'commit-end', end });
  });

  it('ends a request whose resource was replaced or changed', () => {
    expect(
      planAt(600, active, resourceOf(active, { uid: 'uid-2' })),
    ).toMatchObject({ kind: 'commit-end', end: { reason: 'tampered' } });
    const changed = resourceOf(active);
    changed.spec = { ...changed.spec, duration: '86400s' };
    expect(planAt(600, active, changed)).toMatchObject({
      kind: 'commit-end',
      end: { reason: 'tampered' },
    });
  });

  it('does not adopt a resource that stands under the name already', () => {
    const fresh = aStoredRequest();
    const planted = resourceOf(fresh);
    planted.spec = { ...planted.spec, requester: 'user:default/mallory' };
    expect(planAt(1, fresh, planted)).toMatchObject({
      kind: 'commit-end',
      end: { reason: 'failed' },
    });
  });

  it('gives up a grant that could not be made within the start window, and says why', () => {
    const long = aStoredRequest({
      terms: { durationSeconds: 8 * 3600 },
      observed: {
        resourceUid: 'uid-1',
        removal: { state: 'none' },
        message: 'roles is forbidden',
      },
    });
    const waiting = withEntries(long, approvalOf(long), startOf(long));
    expect(planAt(61 + 3599, waiting)).toMatchObject({ kind: 'apply-grant' });
    expect(planAt(61 + 3600, waiting)).toEqual({
      kind: 'commit-end',
      end: { reason: 'failed', actor: 'system', comment: 'roles is forbidden' },
    });
  });

  describe('for any record, resource and time', () => {
    const seconds = fc.integer({ min: 1, max: 20_000 });
    const actor = fc.constantFrom('user:default/olga', 'user:default/ada');
    const digest = fc.constantFrom(base.digest, 'sha256:other');
    const entry: fc.Arbitrary<RecordEntry> = fc.oneof(
      fc.record({
        kind: fc.constant('decided' as const),
        at: seconds.map(after),
        actor,
        verdict: fc.constantFrom('approve' as const, 'deny' as const),
        digest,
      }),
      seconds.map(at => ({
        kind: 'started' as const,
        at: after(at),
        actor: 'system',
        startsAt: after(at),
        expiresAt: after(at + 3600),
      })),
      fc.record({
        kind: fc.constant('ended' as const),
        at: seconds.map(after),
        actor,
        reason: fc.constantFrom('revoked' as const, 'cancelled' as const),
      }),
    );
    const request = fc
      .record({
        entries: fc.array(entry, { maxLength: 5 }),
        grantedAt: fc.option(seconds.map(after), { nil: undefined }),
      })
      .map(({ entries, grantedAt }) => ({
        ...withEntries(base, ...entries.sort((a, b) => (a.at < b.at ? -1 : 1))),
        observed: { ...base.observed, grantedAt },
      }));

    it('grants only what stands approved, started and unended in the record', () => {
      const property = fc.property(request, seconds, (any, at) => {
        const { kind } = planAt(at, any);
        const state = stateAt(any, any.observed, new Date(after(at)));
        const isOpen =
          ['Approved', 'Active'].includes(state.phase) &&
          state.approvedBy.join() === 'user:default/olga';
        return (
          (kind !== 'commit-start' || isOpen) &&
          (kind !== 'apply-grant' || (isOpen && Boolean(state.startsAt)))
        );
      });
      expect(fc.check(property, { numRuns: 2000 }).counterexample).toBeNull();
    });

    it('always works towards removal once a request has ended', () => {
      fc.assert(
        fc.property(request, seconds, (any, at) => {
          const state = stateAt(any, any.observed, new Date(after(at)));
          fc.pre(isTerminal(state.phase));
          expect(['commit-end', 'remove-grant']).toContain(
            planAt(at, any).kind,
          );
        }),
      );
    });
  });
});
