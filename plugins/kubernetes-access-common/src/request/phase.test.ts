import fc from 'fast-check';
import type { AccessRequestPhase } from '../resource/types';
import { isTerminal, stateAt } from './phase';
import type { EndReason, RecordEntry, RequestRecord } from './record';
import { START_WINDOW_SECONDS } from './phase';

const DIGEST = 'sha256:1';
const START = Date.parse('2026-01-15T12:00:00.000Z');

const at = (seconds: number) => new Date(START + seconds * 1000).toISOString();
const when = (seconds: number) => new Date(START + seconds * 1000);

const decided = (
  seconds: number,
  actor: string,
  verdict: 'approve' | 'deny' = 'approve',
  digest = DIGEST,
): RecordEntry => ({
  kind: 'decided',
  at: at(seconds),
  actor,
  verdict,
  digest,
});

const started = (seconds: number, duration = 600): RecordEntry => ({
  kind: 'started',
  at: at(seconds),
  actor: 'system',
  startsAt: at(seconds),
  expiresAt: at(seconds + duration),
});

const ended = (seconds: number, reason: EndReason): RecordEntry => ({
  kind: 'ended',
  at: at(seconds),
  actor: 'user:default/olga',
  reason,
});

const recordOf = (
  entries: RecordEntry[],
  overrides: Partial<RequestRecord> = {},
): RequestRecord => ({
  requester: 'user:default/ada',
  digest: DIGEST,
  approvals: 1,
  pendingUntil: at(3600),
  entries: [
    { kind: 'asked', at: at(0), actor: 'user:default/ada', digest: DIGEST },
    ...entries,
  ],
  ...overrides,
});

const granted = { grantedAt: at(60) };
const phaseAt = (
  record: RequestRecord,
  seconds: number,
  observed = {},
): AccessRequestPhase => stateAt(record, observed, when(seconds)).phase;

describe('the phase of a request', () => {
  it('is Pending until somebody decides', () => {
    expect(phaseAt(recordOf([]), 1)).toBe('Pending');
  });

  it('is Expired from the very instant at which the time to decide is over', () => {
    expect(phaseAt(recordOf([]), 3599.999)).toBe('Pending');
    expect(phaseAt(recordOf([]), 3600)).toBe('Expired');
  });

  it('is Approved when enough different approvers agree', () => {
    const record = (...entries: RecordEntry[]) =>
      recordOf(entries, { approvals: 2 });
    const olga = decided(1, 'user:default/olga');
    expect(phaseAt(record(olga), 5)).toBe('Pending');
    expect(phaseAt(record(olga, decided(2, 'user:default/olga')), 5)).toBe(
      'Pending',
    );
    expect(phaseAt(record(olga, decided(2, 'user:default/omar')), 5)).toBe(
      'Approved',
    );
  });

  it('ignores what the requester says to it', () => {
    expect(phaseAt(recordOf([decided(1, 'user:default/ada')]), 5)).toBe(
      'Pending',
    );
  });

  it('ignores a decision on anything but what was asked', () => {
    const other = decided(1, 'user:default/olga', 'approve', 'sha256:2');
    expect(phaseAt(recordOf([other]), 5)).toBe('Pending');
  });

  it('ignores a decision that came too late', () => {
    expect(phaseAt(recordOf([decided(3600, 'user:default/olga')]), 3700)).toBe(
      'Expired',
    );
  });

  it('needs a single denial to be Denied, with its reason', () => {
    const deny: RecordEntry = {
      ...decided(1, 'user:default/olga', 'deny'),
      comment: 'Use staging.',
    } as RecordEntry;
    expect(stateAt(recordOf([deny]), {}, when(5))).toMatchObject({
      phase: 'Denied',
      endedBy: 'user:default/olga',
      endComment: 'Use staging.',
    });
  });

  it('is Active only once it has started and the grant was seen', () => {
    const record = recordOf([decided(1, 'user:default/olga'), started(2)]);
    expect(phaseAt(record, 5)).toBe('Approved');
    expect(phaseAt(record, 5, granted)).toBe('Active');
  });

  it('does not become Active because something in the cluster says so', () => {
    expect(phaseAt(recordOf([]), 5, granted)).toBe('Pending');
    expect(
      phaseAt(recordOf([decided(1, 'user:default/olga')]), 5, granted),
    ).toBe('Approved');
    expect(phaseAt(recordOf([started(1)]), 5, granted)).toBe('Pending');
  });

  it('is Expired from the instant of its expiry, whether or not anybody cleaned up', () => {
    const record = recordOf([decided(1, 'user:default/olga'), started(2)]);
    expect(phaseAt(record, 601.999, granted)).toBe('Active');
    expect(phaseAt(record, 602, granted)).toBe('Expired');
  });

  it('is Expired when the grant could not start in time', () => {
    const record = recordOf([decided(1, 'user:default/olga')]);
    expect(phaseAt(record, START_WINDOW_SECONDS)).toBe('Approved');
    expect(phaseAt(record, START_WINDOW_SECONDS + 1)).toBe('Expired');
  });

  it.each<[EndReason, AccessRequestPhase]>([
    ['cancelled', 'Cancelled'],
    ['revoked', 'Revoked'],
    ['deleted', 'Revoked'],
    ['tampered', 'Revoked'],
    ['failed', 'Failed'],
    ['expired', 'Expired'],
  ])('ends with reason %s as %s', (reason, phase) => {
    const record = recordOf([
      decided(1, 'user:default/olga'),
      started(2),
      ended(30, reason),
    ]);
    expect(phaseAt(record, 31, granted)).toBe(phase);
  });

  it('keeps the first end', () => {
    const record = recordOf([ended(1, 'cancelled'), ended(2, 'revoked')]);
    expect(phaseAt(record, 5)).toBe('Cancelled');
  });
});

const anyEntry: fc.Arbitrary<RecordEntry> = fc
  .tuple(
    fc.nat(8000),
    fc.constantFrom('ada', 'olga', 'omar'),
    fc.constantFrom('approve', 'deny', 'start', 'end', 'forged'),
    fc.constantFrom<EndReason>('expired', 'cancelled', 'revoked', 'failed'),
  )
  .map(([seconds, name, kind, reason]) => {
    switch (kind) {
      case 'start':
        return started(seconds);
      case 'end':
        return ended(seconds, reason);
      case 'forged':
        return decided(seconds, `user:default/${name}`, 'approve', 'sha256:2');
      default:
        return decided(seconds, `user:default/${name}`, kind);
    }
  });

const anyRecord = fc
  .tuple(fc.array(anyEntry, { maxLength: 12 }), fc.integer({ min: 1, max: 2 }))
  .map(([entries, approvals]) =>
    recordOf(
      entries.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)),
      { approvals },
    ),
  );

describe('any record whatsoever', () => {
  it('never leaves a final phase again as time passes', () => {
    fc.assert(
      fc.property(
        anyRecord,
        fc.nat(9000),
        fc.nat(9000),
        (record, from, more) => {
          const early = stateAt(
            { ...record, entries: committedBy(record, from) },
            granted,
            when(from),
          );
          const late = stateAt(record, granted, when(from + more));
          expect(!isTerminal(early.phase) || late.phase === early.phase).toBe(
            true,
          );
        },
      ),
    );
  });

  it('is never usable without the approvals that were demanded', () => {
    fc.assert(
      fc.property(anyRecord, fc.nat(9000), (record, now) => {
        const { phase } = stateAt(record, granted, when(now));
        const approvers = new Set(
          record.entries.flatMap(entry =>
            entry.kind === 'decided' &&
            entry.verdict === 'approve' &&
            entry.digest === record.digest &&
            entry.actor !== record.requester
              ? [entry.actor]
              : [],
          ),
        );
        expect(
          !['Approved', 'Active'].includes(phase) ||
            approvers.size >= record.approvals,
        ).toBe(true);
      }),
    );
  });

  it('is Active only before its expiry', () => {
    fc.assert(
      fc.property(anyRecord, fc.nat(9000), (record, now) => {
        const state = stateAt(record, granted, when(now));
        expect(
          state.phase !== 'Active' ||
            Date.parse(state.expiresAt!) > when(now).getTime(),
        ).toBe(true);
      }),
    );
  });
});

function committedBy(record: RequestRecord, seconds: number): RecordEntry[] {
  return record.entries.filter(
    entry => Date.parse(entry.at) <= when(seconds).getTime(),
  );
}
