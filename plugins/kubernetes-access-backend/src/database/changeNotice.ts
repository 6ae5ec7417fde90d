import type { Knex } from 'knex';
import { isPostgres } from './rawConnection';

/** Says that a request was changed, by whom. What it is now is read from the tables. */
export interface ChangeNotice {
  id: string;
  revision: number;
  /** The replica that changed it. */
  replica: string;
}

/** The name under which the replicas of an installation hear of each other's changes. */
export function channelOf(installationId: string): string {
  return `kubernetes_access_${installationId}`.slice(0, 63);
}

/** Tells the other replicas with the commit of the transaction, or nobody if there is none. */
export async function notifyIn(
  trx: Knex.Transaction,
  installationId: string,
  notice: ChangeNotice,
): Promise<void> {
  if (isPostgres(trx)) {
    await trx.raw('select pg_notify(?, ?)', [
      channelOf(installationId),
      JSON.stringify(notice),
    ]);
  }
}

/** Undefined for what somebody else sent on the channel. */
export function readNotice(payload: string = ''): ChangeNotice | undefined {
  try {
    const notice: unknown = JSON.parse(payload);
    return isNotice(notice) ? notice : undefined;
  } catch {
    return undefined;
  }
}

function isNotice(value: unknown): value is ChangeNotice {
  const { id, revision, replica } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof id === 'string' &&
    typeof revision === 'number' &&
    typeof replica === 'string'
  );
}
