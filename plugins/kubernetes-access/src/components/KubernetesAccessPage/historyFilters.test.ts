import {
  isFiltered,
  queryOf,
  readFilters,
  writeFilters,
} from './historyFilters';

const NOON = new Date('2026-11-21T12:00:00.000Z');

describe('the filters of the history', () => {
  it.each([
    '',
    'search=payments+ada',
    'state=ended&since=week',
    'search=x&state=denied&since=day&after=01kf0000000000000000000000',
  ])('come back from the address as they went in: "%s"', text => {
    expect(String(writeFilters(readFilters(new URLSearchParams(text))))).toBe(
      text,
    );
  });

  it('leave out what an address cannot mean', () => {
    const filters = readFilters(
      new URLSearchParams('state=toString&since=ever&after=../x&page=3'),
    );
    expect(filters).toEqual({ search: '' });
    expect(isFiltered(filters)).toBe(false);
  });

  it('become what the back end is asked for', () => {
    expect(
      queryOf({ search: ' ledger ', phase: 'ended', since: 'day' }, NOON),
    ).toEqual({
      scope: 'all',
      search: 'ledger',
      phase: ['Expired', 'Revoked', 'Cancelled'],
      askedFrom: '2026-11-20T12:00:00.000Z',
    });
    expect(queryOf({ search: '' }, NOON)).toEqual({ scope: 'all' });
  });
});
