import { termsOf } from '../testUtils/requests';
import { digestOf, openKeyOf } from './digest';

describe('digestOf', () => {
  it('does not depend on the order in which the terms are written', () => {
    const terms = termsOf();
    const turned = Object.fromEntries(Object.entries(terms).reverse());
    expect(digestOf(turned as unknown as typeof terms)).toBe(digestOf(terms));
  });

  it.each([
    ['requester', termsOf({ requester: 'user:default/sam' })],
    ['entity', termsOf({ entityRef: 'component:default/other' })],
    ['cluster', termsOf({ clusterUid: 'another' })],
    ['targets', termsOf({ targets: [{ namespace: 'x', podSelector: 'a=b' }] })],
    ['duration', termsOf({ durationSeconds: 3601 })],
    ['reason', termsOf({ reason: 'Something else entirely.' })],
    ['policy', termsOf({ policy: { name: 'default', approvals: 2 } })],
  ])('changes with the %s', (_what, changed) => {
    expect(digestOf(changed)).not.toBe(digestOf(termsOf()));
  });
});

describe('openKeyOf', () => {
  it('is the same for two requests that would open the same to the same person', () => {
    expect(
      openKeyOf(termsOf({ reason: 'Another reason.', durationSeconds: 900 })),
    ).toBe(openKeyOf(termsOf()));
  });

  it('differs between people', () => {
    expect(openKeyOf(termsOf({ requester: 'user:default/sam' }))).not.toBe(
      openKeyOf(termsOf()),
    );
  });
});
