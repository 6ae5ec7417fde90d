import type { Knex } from 'knex';
import type { ReapQueueRow, SessionRow, TicketRow } from './tables';
import { TABLES } from './tables';

/**
 * Puts a session that was just closed into the reap queue, in the transaction that closed it. One whose ticket was
 * never redeemed has no processes.
 */
export async function enqueueReap(
  trx: Knex.Transaction,
  session: Pick<
    SessionRow,
    'id' | 'request_id' | 'installation_id' | 'cluster_uid'
  >,
  now: Date,
): Promise<void> {
  const redeemed = await trx<TicketRow>(TABLES.tickets)
    .where({ session_id: session.id })
    .whereNotNull('redeemed_at')
    .first();
  if (!redeemed) {
    return;
  }
  await trx<ReapQueueRow>(TABLES.reapQueue)
    .insert({
      session_id: session.id,
      request_id: session.request_id,
      installation_id: session.installation_id,
      cluster_uid: session.cluster_uid,
      state: 'waiting',
      attempts: 0,
      due_at: now.toISOString(),
      created_at: now.toISOString(),
    })
    .onConflict('session_id')
    .ignore();
}
