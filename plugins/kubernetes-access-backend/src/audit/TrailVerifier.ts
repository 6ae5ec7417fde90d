import type { AuditKey } from './mac';
import { macOf } from './mac';
import { RecordingLedger } from './RecordingLedger';
import type { SegmentDigest } from './RecordingLedger';
import { INDEX_CHAIN } from './types';
import type { ChainHead, StoredAuditEvent } from './types';

/** How many findings are kept; the rest is only counted. */
const MAX_FINDINGS = 1_000;

/** Something that is wrong with the trail. */
export interface TrailFinding {
  chain: string;
  /** The event, where it is about one. */
  sequence?: number;
  kind:
    | 'chain-missing'
    | 'cut-off'
    | 'missing'
    | 'changed'
    | 'exchanged'
    | 'out-of-order'
    | 'unknown-key'
    | 'retired-key'
    | 'rewritten'
    | 'recording-missing'
    | 'recording-changed'
    | 'recording-added'
    | 'record-missing'
    | 'record-added'
    | 'record-changed';
  /** One sentence. */
  message: string;
}

/** What came of a verification. */
export interface TrailReport {
  /** Nothing is wrong with what was looked at. */
  sound: boolean;
  chains: number;
  events: number;
  /** Segments of recordings that are as the trail says. */
  segments: number;
  /** Segments that the trail does not speak of (yet): of the last seconds of a session that is open or was cut. */
  unconfirmedSegments: number;
  findings: TrailFinding[];
  /** How many more findings there are than are listed. */
  moreFindings: number;
}

interface ChainState {
  sequence: number;
  mac: string;
  /** The event before did not verify, so that nothing can be said of what follows it. */
  broken: boolean;
}

/**
 * Holds a trail against its keys, its own index of chains, and the heads that were told elsewhere. Does no I/O: the
 * events of a chain come one by one, in the order in which they stand, chains in any order.
 */
export class TrailVerifier {
  readonly #keys: Map<string, AuditKey>;
  readonly #heads = new Map<string, Map<number, Set<string>>>();
  readonly #chains = new Map<string, ChainState>();
  readonly #expected = new Set<string>();
  readonly #recordings?: RecordingLedger;
  readonly #onSigned: (event: StoredAuditEvent) => void;
  readonly #findings: TrailFinding[] = [];
  #moreFindings = 0;
  #events = 0;

  /** @param options - `recordings`: whether segments will come as well; `onSigned` gets the events to be believed */
  constructor(options: {
    keys: AuditKey[];
    recordings: boolean;
    onSigned?: (event: StoredAuditEvent) => void;
  }) {
    this.#keys = new Map(options.keys.map(key => [key.id, key]));
    this.#recordings = options.recordings ? new RecordingLedger() : undefined;
    this.#onSigned = options.onSigned ?? (() => {});
  }

  /** Heads come before the events. */
  head({ chain, sequence, mac }: ChainHead): void {
    if (sequence === 0) {
      return;
    }
    const heads = this.#heads.get(chain) ?? new Map<number, Set<string>>();
    this.#heads.set(chain, heads);
    heads.set(sequence, (heads.get(sequence) ?? new Set()).add(mac));
  }

  /** A chain that there must be. */
  expect(chain: string): void {
    this.#expected.add(chain);
  }

  event(event: StoredAuditEvent): void {
    this.#events += 1;
    const before = this.#chains.get(event.chain);
    const last = before?.sequence ?? 0;
    if (event.sequence <= last) {
      this.#find(
        event,
        'out-of-order',
        `Event ${event.sequence} comes after event ${last}.`,
      );
      return;
    }
    if (event.sequence > last + 1) {
      this.#find(event, 'missing', missing(last + 1, event.sequence - 1));
    }
    const isSigned = this.#checkSignature(event);
    if (isSigned) {
      this.#checkPlace(event, before);
      this.#learn(event);
    }
    this.#chains.set(event.chain, {
      sequence: event.sequence,
      mac: event.mac,
      broken: !isSigned,
    });
  }

  /** Segments come after the events. */
  segment(segment: SegmentDigest): void {
    this.#recordings?.found(segment);
  }

  /** Something wrong that was found beside the chains. */
  found({ chain, kind, message }: Omit<TrailFinding, 'sequence'>): void {
    this.#find({ chain }, kind, message);
  }

  finish(): TrailReport {
    for (const chain of this.#heads.keys()) {
      this.#checkEnd(chain);
    }
    for (const chain of this.#expected) {
      if (!this.#chains.has(chain) && !this.#heads.has(chain)) {
        this.#find(
          { chain },
          'chain-missing',
          'The whole chain is missing, although the trail speaks of it.',
        );
      }
    }
    const recordings = this.#recordings?.finish();
    recordings?.findings.forEach(finding => this.found(finding));
    return {
      sound: this.#findings.length === 0,
      chains: this.#chains.size,
      events: this.#events,
      segments: recordings?.confirmed ?? 0,
      unconfirmedSegments: recordings?.unconfirmed ?? 0,
      findings: this.#findings,
      moreFindings: this.#moreFindings,
    };
  }

  #checkSignature(event: StoredAuditEvent): boolean {
    const { mac, ...unsigned } = event;
    const key = this.#keys.get(event.keyId);
    if (!key) {
      this.#find(
        event,
        'unknown-key',
        `Event ${event.sequence} is signed with the unknown key '${event.keyId}'.`,
      );
      return false;
    }
    if (macOf(unsigned, key) !== mac) {
      this.#find(event, 'changed', `Event ${event.sequence} was changed.`);
      return false;
    }
    if (key.until !== undefined && event.at > key.until) {
      this.#find(
        event,
        'retired-key',
        `Event ${event.sequence} of ${event.at} is signed with the key '${key.id}', which was retired at ${key.until}.`,
      );
    }
    return true;
  }

  /** Whether it stands behind the event that it was put behind, and is the one that was told of. */
  #checkPlace(event: StoredAuditEvent, before: ChainState | undefined): void {
    const { chain, sequence, mac, previous } = event;
    const follows = sequence === (before?.sequence ?? 0) + 1;
    if (follows && !before?.broken && previous !== (before?.mac ?? '')) {
      this.#find(
        event,
        'exchanged',
        `Event ${sequence} was put behind another event than the one that stands before it.`,
      );
    }
    const told = this.#heads.get(chain)?.get(sequence);
    if (told && (told.size > 1 || !told.has(mac))) {
      this.#find(
        event,
        'rewritten',
        `Event ${sequence} is not the one that was reported as the head of the chain.`,
      );
    }
  }

  #learn(event: StoredAuditEvent): void {
    if (event.chain === INDEX_CHAIN && event.eventId === 'chain-start') {
      this.#expected.add(String(event.meta.chain));
    }
    this.#recordings?.learn(event);
    this.#onSigned(event);
  }

  #checkEnd(chain: string): void {
    const head = Math.max(...this.#heads.get(chain)!.keys());
    const last = this.#chains.get(chain)?.sequence;
    if (last === undefined) {
      this.#find(
        { chain },
        'chain-missing',
        `The whole chain is missing, although event ${head} was reported as its head.`,
      );
    } else if (last < head) {
      this.#find(
        { chain, sequence: head },
        'cut-off',
        `The chain ends at event ${last}, but its head is event ${head}.`,
      );
    }
  }

  #find(
    { chain, sequence }: { chain: string; sequence?: number },
    kind: TrailFinding['kind'],
    message: string,
  ): void {
    if (this.#findings.length >= MAX_FINDINGS) {
      this.#moreFindings += 1;
      return;
    }
    this.#findings.push({
      chain,
      ...(sequence === undefined ? {} : { sequence }),
      kind,
      message,
    });
  }
}

function missing(first: number, last: number): string {
  return first === last
    ? `Event ${first} is missing.`
    : `Events ${first} to ${last} are missing.`;
}
