import type { StoredAuditEvent } from './types';

/** A segment of a recording as it is stored. */
export interface SegmentDigest {
  session: string;
  /** From 0. */
  sequence: number;
  /** SHA-256 of what is stored now, hex. */
  digest: string;
}

/** Something that is wrong with a recording. */
export interface RecordingFinding {
  chain: string;
  kind: 'recording-missing' | 'recording-changed' | 'recording-added';
  message: string;
}

/** What the audit trail says of a recording. */
export interface RecordingDigests {
  /** By the place of the segment; what the trail does not speak of is not there. */
  digests: Map<number, string>;
  /** How many segments there were when the session closed, if it did so in order. */
  total?: number;
}

interface Recording extends RecordingDigests {
  chain: string;
  found: Set<number>;
}

/** Holds the stored segments of recordings against the digests that the audit trail has of them. */
export class RecordingLedger {
  readonly #recordings = new Map<string, Recording>();
  readonly #findings: RecordingFinding[] = [];
  #confirmed = 0;
  #unconfirmed = 0;

  /** Takes from a verified event what it says about recordings. */
  learn({ chain, eventId, meta }: StoredAuditEvent): void {
    if (eventId === 'recording-segment' && Array.isArray(meta.digests)) {
      const { digests } = this.#recording(String(meta.session), chain);
      meta.digests.forEach((digest, index) => {
        const place = Number(meta.first) + index;
        // What was said first was said by who recorded it.
        digests.set(place, digests.get(place) ?? digest);
      });
    }
    if (eventId === 'session-close' && typeof meta.segments === 'number') {
      this.#recording(String(meta.session), chain).total = meta.segments;
    }
  }

  /** What the events say of a recording. */
  of(session: string): RecordingDigests {
    const { digests, total } = this.#recordings.get(session) ?? {};
    return { digests: digests ?? new Map(), total };
  }

  found({ session, sequence, digest }: SegmentDigest): void {
    const recording = this.#recordings.get(session);
    const expected = recording?.digests.get(sequence);
    recording?.found.add(sequence);
    if (expected === digest) {
      this.#confirmed += 1;
    } else if (recording && expected !== undefined) {
      this.#find(
        recording,
        'recording-changed',
        `Segment ${sequence} of the recording of session ${session} is not the one that was recorded.`,
      );
    } else if (recording && sequence >= (recording.total ?? Infinity)) {
      this.#find(
        recording,
        'recording-added',
        `Segment ${sequence} of the recording of session ${session} was added after the session had closed.`,
      );
    } else {
      this.#unconfirmed += 1;
    }
  }

  finish() {
    for (const [session, recording] of this.#recordings) {
      const { found } = recording;
      const missing = expectedOf(recording).filter(place => !found.has(place));
      if (missing.length > 0) {
        this.#find(
          recording,
          'recording-missing',
          `The recording of session ${session} lacks segment${
            missing.length > 1 ? 's' : ''
          } ${shorten(missing)}.`,
        );
      }
    }
    return {
      confirmed: this.#confirmed,
      unconfirmed: this.#unconfirmed,
      findings: this.#findings,
    };
  }

  #recording(session: string, chain: string): Recording {
    const recording = this.#recordings.get(session) ?? {
      chain,
      digests: new Map(),
      found: new Set(),
    };
    this.#recordings.set(session, recording);
    return recording;
  }

  #find(
    { chain }: Recording,
    kind: RecordingFinding['kind'],
    message: string,
  ): void {
    this.#findings.push({ chain, kind, message });
  }
}

/** The places at which there must be a segment. */
function expectedOf({ digests, total = 0 }: Recording): number[] {
  const places = new Set(digests.keys());
  for (let place = 0; place < total; place++) {
    places.add(place);
  }
  return [...places].sort((a, b) => a - b);
}

function shorten(places: number[]): string {
  const shown = places.slice(0, 10).join(', ');
  return places.length > 10 ? `${shown} and ${places.length - 10} more` : shown;
}
