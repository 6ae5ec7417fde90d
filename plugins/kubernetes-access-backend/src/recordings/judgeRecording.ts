import type { RecordingCheck } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { VouchedRecording } from '../audit';

/** What is known of a stored segment. */
export type SegmentVerdict = 'vouched' | 'unvouched' | 'changed' | 'added';

/** A segment by the SHA-256 of what is stored now. */
export interface StoredDigest {
  sequence: number;
  digest: string;
}

/** Findings of the trail that say no more than that nobody can tell any more. */
const CANNOT_TELL = ['unknown-key'];

/** How many places a sentence names. */
const MAX_NAMED = 10;

/** Holds one segment against what the audit trail says of it. */
export function judgeSegment(
  { sequence, digest }: StoredDigest,
  { digests, total }: Pick<VouchedRecording, 'digests' | 'total'>,
): SegmentVerdict {
  const expected = digests.get(sequence);
  if (expected !== undefined) {
    return expected === digest ? 'vouched' : 'changed';
  }
  return sequence >= (total ?? Infinity) ? 'added' : 'unvouched';
}

/** The places at which a segment is missing: there is, or must be, a later one. */
function missingOf(
  stored: Array<Pick<StoredDigest, 'sequence'>>,
  { digests, total = 0 }: Pick<VouchedRecording, 'digests' | 'total'>,
): number[] {
  const there = new Set(stored.map(({ sequence }) => sequence));
  const length = Math.max(
    total,
    ...[...digests.keys()].map(place => place + 1),
    ...(total ? [] : [...there].map(place => place + 1)),
    0,
  );
  return Array.from({ length }, (_, place) => place).filter(
    place => !there.has(place),
  );
}

/** What there is to say of a recording as a whole. */
export function judgeRecording(input: {
  session: { id: string; state: 'opening' | 'open' | 'closed' };
  stored: StoredDigest[];
  vouched: VouchedRecording;
}): RecordingCheck {
  const { session, stored, vouched } = input;
  const withVerdict = (wanted: SegmentVerdict) =>
    stored
      .filter(segment => judgeSegment(segment, vouched) === wanted)
      .map(({ sequence }) => sequence);
  const tampered = vouched.findings.filter(
    ({ kind }) => !CANNOT_TELL.includes(kind),
  );
  const damage = [
    ...sentences(withVerdict('changed'), {
      one: 'was changed after it had been recorded, and is left out',
      more: 'were changed after they had been recorded, and are left out',
    }),
    ...sentences(missingOf(stored, vouched), {
      one: 'is missing',
      more: 'are missing',
    }),
    ...sentences(withVerdict('added'), {
      one: 'was added after the session had closed, and is left out',
      more: 'were added after the session had closed, and are left out',
    }),
    ...(tampered.length > 0
      ? [
          `The audit trail of this request is not sound, so it cannot be relied on for this recording. ${tampered[0].message}`,
        ]
      : []),
  ];
  const doubt = [
    ...(vouched.findings.length > tampered.length
      ? [
          'A part of the audit trail is signed with a key that this back end does not have, so it cannot be told whether this is what was recorded.',
        ]
      : []),
    ...(session.state === 'closed'
      ? sentences(withVerdict('unvouched'), {
          one: 'is not in the audit trail, so it cannot be told whether it is what was recorded',
          more: 'are not in the audit trail, so it cannot be told whether they are what was recorded',
        })
      : []),
  ];
  return {
    session: session.id,
    state: stateOf(damage, doubt),
    open: session.state !== 'closed',
    problems: [...damage, ...doubt],
  };
}

function stateOf(damage: string[], doubt: string[]): RecordingCheck['state'] {
  if (damage.length > 0) {
    return 'damaged';
  }
  return doubt.length > 0 ? 'unverified' : 'whole';
}

/** People count from one. */
function sentences(
  places: number[],
  words: { one: string; more: string },
): string[] {
  if (places.length === 0) {
    return [];
  }
  if (places.length === 1) {
    return [`Part ${places[0] + 1} ${words.one}.`];
  }
  const named = places.slice(0, MAX_NAMED).map(place => place + 1);
  const rest = places.length - named.length;
  return [
    `Parts ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''} ${
      words.more
    }.`,
  ];
}
