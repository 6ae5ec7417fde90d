import { freePodNetwork } from './network';

describe('freePodNetwork', () => {
  it('takes the first network', () => {
    expect(freePodNetwork(['127.0.0.1', '192.0.2.2', '::1'])).toEqual({
      gateway: '10.253.1.1',
      subnet: '10.253.1.0/24',
    });
  });

  it('passes by those of other clusters', () => {
    const { subnet } = freePodNetwork([
      '10.253.1.1',
      '10.253.2.1',
      '10.253.11.1',
    ]);

    expect(subnet).toBe('10.253.3.0/24');
  });

  it('says what to do when there are none left', () => {
    const all = Array.from({ length: 255 }, (_, i) => `10.253.${i}.1`);

    expect(() => freePodNetwork(all)).toThrow('dev-cluster down');
  });
});
