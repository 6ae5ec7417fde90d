import { NotFoundError } from '@backstage/errors';
import { isDatabaseAway, isDatabaseError } from './databaseErrors';

const errorOf = (code: string, message: string = '', name: string = 'error') =>
  Object.assign(new Error(message), { code, name });

const stateOf = (code: string) =>
  Object.assign(errorOf(code), { severity: 'ERROR' });

describe('errors of the database', () => {
  it.each([
    ['PostgreSQL is not there', errorOf('ECONNREFUSED')],
    ['PostgreSQL is being stopped', stateOf('57P01')],
    ['PostgreSQL is starting', stateOf('57P03')],
    ['PostgreSQL has too many clients', stateOf('53300')],
    ['PostgreSQL’s disk is full', stateOf('53100')],
    ['PostgreSQL broke a deadlock', stateOf('40P01')],
    ['the connection broke', errorOf('', 'Connection terminated unexpectedly')],
    [
      'the connection broke under a statement',
      errorOf('', 'select $1 - Connection terminated unexpectedly'),
    ],
    ['no connection was free', errorOf('', '', 'KnexTimeoutError')],
    ['another process has SQLite', errorOf('SQLITE_BUSY')],
    ['SQLite’s disk is full', errorOf('SQLITE_FULL')],
  ])('pass when %s', (_, error) => {
    expect(isDatabaseAway(error)).toBe(true);
    expect(isDatabaseError(error)).toBe(true);
  });

  it.each([
    ['a table is missing', stateOf('42P01')],
    ['something is twice', stateOf('23505')],
    ['something is twice in SQLite', errorOf('SQLITE_CONSTRAINT_UNIQUE')],
  ])('do not pass when %s', (_, error) => {
    expect(isDatabaseAway(error)).toBe(false);
    expect(isDatabaseError(error)).toBe(true);
  });

  it.each([
    ['our own words', new NotFoundError('There is no request')],
    ['a mistake in the code', new TypeError('x is undefined')],
    ['a file that is missing', errorOf('EPERM')],
    ['nothing', undefined],
  ])('are not %s', (_, error) => {
    expect(isDatabaseError(error)).toBe(false);
  });
});
