import type { Knex } from 'knex';
import type { AuditEvent } from '../audit/types';
import { TABLES } from './tables';

interface Segment {
  sequence: number;
  digest: string;
}

/**
 * What the audit trail has to say of a recording whose process died before it could: the digests of the segments that
 * it stored last.
 */
export async function vouchForSegments(
  trx: Knex.Transaction,
  session: { id: string; requestId: string },
): Promise<{ audit: AuditEvent[]; segments: number }> {
  const stored: Segment[] = await trx(TABLES.recordingSegments)
    .where({ session_id: session.id })
    .orderBy('sequence')
    .select('sequence', 'digest');
  const vouched = stored.length > 0 ? await vouchedIn(trx, session) : new Set();
  const left = stored.filter(({ sequence }) => !vouched.has(sequence));
  const last = stored.at(-1);
  return {
    segments: last ? last.sequence + 1 : 0,
    audit: runsOf(left).map(run => ({
      eventId: 'recording-segment',
      actor: 'system',
      outcome: 'succeeded',
      requestId: session.requestId,
      meta: {
        session: session.id,
        first: run[0].sequence,
        digests: run.map(({ digest }) => digest),
        afterwards: true,
      },
    })),
  };
}

/** The places of the segments that the trail speaks of already. */
async function vouchedIn(
  trx: Knex.Transaction,
  { id, requestId }: { id: string; requestId: string },
): Promise<Set<number>> {
  const rows: Array<{ meta: string }> = await trx(TABLES.auditEvents)
    .where({ chain: requestId, event_id: 'recording-segment' })
    .select('meta');
  const places = new Set<number>();
  for (const { session, first, digests } of rows.map(row =>
    JSON.parse(row.meta),
  )) {
    if (session === id) {
      digests.forEach((_: string, index: number) => places.add(first + index));
    }
  }
  return places;
}

/** Segments that follow each other without a gap. */
function runsOf(segments: Segment[]): Segment[][] {
  const runs: Segment[][] = [];
  for (const segment of segments) {
    const run = runs.at(-1);
    if (run?.at(-1)?.sequence === segment.sequence - 1) {
      run!.push(segment);
    } else {
      runs.push([segment]);
    }
  }
  return runs;
}
