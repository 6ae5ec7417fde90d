import type { AccessRequestStatus } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { findForged } from './findForged';

const AT = '2026-01-15T12:00:00.000Z';
const LATER = '2026-01-15T18:00:00.000Z';
const active: AccessRequestStatus = {
  phase: 'Active',
  startsAt: AT,
  expiresAt: LATER,
};

describe('findForged', () => {
  it.each<[string, AccessRequestStatus | undefined, AccessRequestStatus]>([
    ['nothing was said yet', undefined, { phase: 'Pending' }],
    ['the request has moved on', { phase: 'Pending' }, active],
    ['it says what the record says', active, active],
    [
      'it has ended since',
      active,
      { ...active, phase: 'Revoked', endedAt: LATER },
    ],
  ])('finds nothing when %s', (_, actual, wanted) => {
    expect(findForged(actual, wanted)).toEqual([]);
  });

  it.each<[string[], AccessRequestStatus, AccessRequestStatus]>([
    [['phase'], { phase: 'Approved' }, { phase: 'Pending' }],
    [['phase'], { phase: 'Active' }, { phase: 'Pending' }],
    [['phase'], { ...active, phase: 'Expired' }, active],
    [
      ['phase'],
      { ...active, phase: 'Expired' },
      { ...active, phase: 'Revoked' },
    ],
    [
      ['expiresAt'],
      { ...active, expiresAt: '2027-01-01T00:00:00.000Z' },
      active,
    ],
    [['endedAt'], { ...active, endedAt: LATER }, active],
    [['phase', 'startsAt', 'expiresAt'], active, { phase: 'Pending' }],
  ])('finds %j that the record does not know', (fields, actual, wanted) => {
    expect(findForged(actual, wanted)).toEqual(fields);
  });
});
