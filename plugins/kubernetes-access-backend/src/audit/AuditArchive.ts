import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { TABLES } from '../database/tables';
import type { AuditEventRow } from '../database/tables';
import type { AuditKey } from './mac';
import { RecordingLedger } from './RecordingLedger';
import type { RecordingDigests, SegmentDigest } from './RecordingLedger';
import { fromRow } from './rows';
import { RecordCheck } from './RecordCheck';
import type { TrailFinding, TrailReport } from './TrailVerifier';
import type { ChainHead, StoredAuditEvent } from './types';
import { TrailVerifier } from './TrailVerifier';
import { INDEX_CHAIN } from './types';

/** Rows that are read at once; between two pages others get their turn. */
const PAGE = 500;
/** Segments of recordings that are in memory at once: each has up to 256 KB. */
const SEGMENT_PAGE = 8;

/** The place of an event in an export. */
export interface EventPlace {
  chain: string;
  sequence: number;
}

/** What the trail says of a recording, and what is wrong with the trail itself. */
export interface VouchedRecording extends RecordingDigests {
  findings: TrailFinding[];
}

/** Reads the audit trail as a whole, for those who check it. */
export class AuditArchive {
  readonly #knex: Knex;
  readonly #keys: AuditKey[];

  /** @param options - `keys`: all that ever signed */
  constructor(options: { knex: Knex; keys: AuditKey[] }) {
    this.#knex = options.knex;
    this.#keys = options.keys;
  }

  /**
   * Events in the order of chains, and of their places in these. The index of chains comes first, so that no chain
   * is named that begins only after the others have been read.
   *
   * @param options - `after`: the last event that is known already
   */
  async *events(
    options: { chain?: string; after?: EventPlace; limit?: number } = {},
  ): AsyncGenerator<StoredAuditEvent> {
    let left = options.limit ?? Infinity;
    for (const scope of scopesOf(options)) {
      for await (const event of this.#scan(scope)) {
        if (left === 0) {
          return;
        }
        left -= 1;
        yield event;
      }
    }
  }

  /** The segments of recordings with the digests of what is stored now. */
  async *segments(
    options: { chain?: string } = {},
  ): AsyncGenerator<SegmentDigest> {
    let after = { session: '', sequence: -1 };
    for (;;) {
      const rows = await this.#segmentPage(options.chain, after);
      for (const { session, sequence, data } of rows) {
        const digest = createHash('sha256').update(data).digest('hex');
        yield { session, sequence, digest };
        after = { session, sequence };
      }
      if (rows.length < SEGMENT_PAGE) {
        return;
      }
    }
  }

  /** What the trail says of the recording of a session, as far as its keys vouch for it. */
  async recording(chain: string, session: string): Promise<VouchedRecording> {
    const ledger = new RecordingLedger();
    const verifier = new TrailVerifier({
      keys: this.#keys,
      recordings: false,
      onSigned: event => ledger.learn(event),
    });
    (await this.#heads(chain)).forEach(head => verifier.head(head));
    for await (const event of this.events({ chain })) {
      verifier.event(event);
    }
    return { ...ledger.of(session), findings: verifier.finish().findings };
  }

  /**
   * Holds what is stored against the keys, the index of chains and the heads in the database.
   *
   * @param options - `recordings` and `record`: whether those of sessions and of requests are looked at as well
   */
  async verify(
    options: { chain?: string; recordings?: boolean; record?: boolean } = {},
  ): Promise<TrailReport> {
    const { chain, recordings = true, record = true } = options;
    const check = new RecordCheck({ knex: this.#knex, keys: this.#keys });
    const verifier = new TrailVerifier({
      keys: this.#keys,
      recordings,
      onSigned: event => check.learn(event),
    });
    if (chain) {
      verifier.expect(chain);
    }
    // Before the events: these may grow meanwhile, and must have reached at least what stands here.
    (await this.#heads(chain)).forEach(head => verifier.head(head));
    for await (const event of this.events({ chain })) {
      verifier.event(event);
    }
    if (recordings) {
      for await (const segment of this.segments({ chain })) {
        verifier.segment(segment);
      }
    }
    if (record) {
      (await check.findings(chain)).forEach(one => verifier.found(one));
    }
    return verifier.finish();
  }

  /** Whether a chain is there or was: by its events, its head, or the index of chains. */
  async knows(chain: string): Promise<boolean> {
    const found = await Promise.all([
      this.#knex(TABLES.auditEvents).where({ chain }).first('chain'),
      this.#knex(TABLES.auditChains).where({ chain }).first('chain'),
      this.#knex(TABLES.auditEvents)
        .where({ chain: INDEX_CHAIN, meta: JSON.stringify({ chain }) })
        .first('chain'),
    ]);
    return found.some(row => row !== undefined);
  }

  async #heads(chain: string | undefined): Promise<ChainHead[]> {
    const query = this.#knex(TABLES.auditChains).select(
      'chain',
      'sequence',
      'mac',
    );
    return chain ? query.where({ chain }) : query;
  }

  async *#scan(scope: Scope): AsyncGenerator<StoredAuditEvent> {
    let { after } = scope;
    for (;;) {
      const rows = await this.#page({ ...scope, after });
      yield* rows.map(fromRow);
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) {
        return;
      }
      after = { chain: last.chain, sequence: last.sequence };
    }
  }

  async #page({ chain, after }: Scope): Promise<AuditEventRow[]> {
    const query = this.#knex<AuditEventRow>(TABLES.auditEvents)
      .orderBy(['chain', 'sequence'])
      .limit(PAGE);
    if (chain) {
      return query.where({ chain }).where('sequence', '>', after.sequence);
    }
    return query
      .whereNot({ chain: INDEX_CHAIN })
      .where(later =>
        later
          .where('chain', '>', after.chain)
          .orWhere(same =>
            same
              .where({ chain: after.chain })
              .where('sequence', '>', after.sequence),
          ),
      );
  }

  async #segmentPage(
    chain: string | undefined,
    after: { session: string; sequence: number },
  ): Promise<Array<{ session: string; sequence: number; data: Buffer }>> {
    const { session, sequence } = after;
    const query = this.#knex(TABLES.recordingSegments)
      .where(later =>
        later
          .where('session_id', '>', session)
          .orWhere(same =>
            same
              .where({ session_id: session })
              .where('sequence', '>', sequence),
          ),
      )
      .orderBy(['session_id', 'sequence'])
      .limit(SEGMENT_PAGE)
      .select({ session: 'session_id' }, 'sequence', 'data');
    if (chain) {
      query.whereIn('session_id', ofRequest =>
        ofRequest
          .select('id')
          .from(TABLES.sessions)
          .where({ request_id: chain }),
      );
    }
    return query;
  }
}

/** What to read in one go: a chain, or every chain but the index. */
interface Scope {
  chain?: string;
  after: EventPlace;
}

function scopesOf(options: { chain?: string; after?: EventPlace }): Scope[] {
  const { chain, after } = options;
  if (chain) {
    return [{ chain, after: after ?? { chain, sequence: 0 } }];
  }
  const others = { after: { chain: '', sequence: 0 } };
  if (!after) {
    return [
      { chain: INDEX_CHAIN, after: { chain: INDEX_CHAIN, sequence: 0 } },
      others,
    ];
  }
  return after.chain === INDEX_CHAIN
    ? [{ chain: INDEX_CHAIN, after }, others]
    : [{ after }];
}
