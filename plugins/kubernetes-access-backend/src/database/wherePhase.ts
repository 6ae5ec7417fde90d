import type { AccessRequestPhase } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { isTerminal } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Knex } from 'knex';

/**
 * Narrows a query to requests that are in one of these phases now. The column says how it was at the last change;
 * since then only the clock can have ended it.
 */
export function wherePhase(
  builder: Knex.QueryBuilder,
  phases: readonly AccessRequestPhase[],
  now: Date,
): void {
  const open = phases.filter(phase => !isTerminal(phase));
  const ended = phases.filter(phase => isTerminal(phase));
  builder.where(any => {
    any
      .where(still =>
        still.whereIn('phase', open).where('deadline', '>', now.toISOString()),
      )
      .orWhere(over => over.whereIn('phase', ended).whereNull('deadline'));
    if (ended.includes('Expired')) {
      // Never unknown, so that the opposite can be asked for as well.
      any.orWhere(late =>
        late
          .whereNotNull('deadline')
          .where('deadline', '<=', now.toISOString()),
      );
    }
  });
}
