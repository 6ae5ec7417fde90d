import { shorten } from './shorten';

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);
const failsWith =
  (...needed: number[]) =>
  async (candidate: readonly number[]) =>
    needed.every(one => candidate.includes(one));

describe('shorten', () => {
  it('finds the one that is to blame', async () => {
    expect(await shorten(upTo(100), failsWith(71))).toEqual([71]);
  });

  it('keeps all that are needed, in their order', async () => {
    expect(await shorten(upTo(64), failsWith(3, 17, 62))).toEqual([3, 17, 62]);
  });

  it('never leaves out everything', async () => {
    expect(await shorten(upTo(8), async () => true)).toHaveLength(1);
  });

  it('stops when it is told to, with what it has', async () => {
    let tries = 0;
    const shortest = await shorten(upTo(64), failsWith(1), () => tries++ < 2);
    expect(shortest.length).toBeLessThan(64);
    expect(shortest).toContain(1);
  });
});
