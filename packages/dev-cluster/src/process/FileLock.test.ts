import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from './FileLock';

describe('withLock', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await fs.mkdtemp(join(tmpdir(), 'lock-'));
    file = join(folder, 'below', 'the.lock');
  });

  afterEach(() => fs.rm(folder, { recursive: true, force: true }));

  it('lets one in at a time and tells the others whom they wait for', async () => {
    let inside = 0;
    let most = 0;
    const waitedFor: number[] = [];
    const enter = () =>
      withLock(
        file,
        async () => {
          most = Math.max(most, ++inside);
          await new Promise(setImmediate);
          inside--;
        },
        { pollMs: 1, onWait: ({ pid }) => waitedFor.push(pid) },
      );

    await Promise.all(Array.from({ length: 8 }, enter));

    expect(most).toBe(1);
    expect(waitedFor).toHaveLength(7);
    expect(new Set(waitedFor)).toEqual(new Set([process.pid]));
  });

  it('leaves nothing behind, not even after a failure', async () => {
    await expect(
      withLock(file, async () => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');

    expect(await fs.readdir(join(folder, 'below'))).toEqual([]);
  });

  it.each([
    ['a holder that is dead', JSON.stringify({ pid: 1, startTime: 'never' })],
    ['a holder that cannot be read', '{"pid":'],
  ])('passes by %s', async (_, content) => {
    await fs.mkdir(join(folder, 'below'));
    await fs.writeFile(file, content);
    const inside = jest.fn().mockResolvedValue('done');

    await Promise.all([
      withLock(file, inside, { pollMs: 1 }),
      withLock(file, inside, { pollMs: 1 }),
    ]);

    expect(inside).toHaveBeenCalledTimes(2);
    expect(await fs.readdir(join(folder, 'below'))).toEqual([]);
  });

  it('stops waiting when the caller wants it no more', async () => {
    const controller = new AbortController();

    await withLock(file, async () => {
      const waiting = withLock(file, async () => 'inside', {
        signal: controller.signal,
      });
      controller.abort();
      await expect(waiting).rejects.toThrow();
    });
  });
});
