/** What PostgreSQL says when it stops, starts, has no room or gives up waiting: classes and codes of SQLSTATE. */
const PASSING_STATES = /^(08|53|57P|58|40001|40P01|55P03|57014|25006)/;
/** What the network says of a server that is away. */
const NETWORK_CODES = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
];
const PASSING_SQLITE = /^SQLITE_(BUSY|LOCKED|IOERR|FULL|CANTOPEN|READONLY)/;
/** `pg` has no code for these; Knex writes the statement in front of them. */
const LOST_CONNECTION =
  /(^| - )(Connection (terminated|ended)|Client (has encountered|was closed)|Query read timeout)/;

/** Whether the database is away, locked or full, so that the same may well work in a moment. */
export function isDatabaseAway(error: unknown): boolean {
  const { name, code, state, message } = partsOf(error);
  return (
    name === 'KnexTimeoutError' ||
    NETWORK_CODES.includes(code) ||
    PASSING_SQLITE.test(code) ||
    PASSING_STATES.test(state) ||
    LOST_CONNECTION.test(message)
  );
}

/** Whether it was the database that refused, for whatever reason. */
export function isDatabaseError(error: unknown): boolean {
  const { code, state } = partsOf(error);
  return isDatabaseAway(error) || state !== '' || code.startsWith('SQLITE_');
}

/** Whether something would be there twice. SQLite says SQLITE_CONSTRAINT_…, PostgreSQL 23505 (unique_violation). */
export function isUniqueViolation(error: { code?: string }): boolean {
  return (
    error.code === '23505' ||
    error.code === 'SQLITE_CONSTRAINT_UNIQUE' ||
    error.code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
  );
}

interface ErrorParts {
  name: string;
  code: string;
  /** The code if it is PostgreSQL's: errors of Node have codes of the same form, but no severity. */
  state: string;
  message: string;
}

function partsOf(error: unknown): ErrorParts {
  const parts = (error ?? {}) as Record<string, unknown>;
  const code = typeof parts.code === 'string' ? parts.code : '';
  return {
    name: String(parts.name ?? ''),
    code,
    state: typeof parts.severity === 'string' ? code : '',
    message: String(parts.message ?? ''),
  };
}
