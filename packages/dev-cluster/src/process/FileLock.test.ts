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

  /** Something that only one at a time should do. */
  function watchedRoom() {
    let inside = 0;
    const room = {
      most: 0,
      visits: 0,
      async visit() {
        room.visits++;
        room.most = Math.max(room.most, ++inside);
        await new Promise(setImmediate);
        inside--;
      },
    };
    return room;
  }

  const eightTimes = (action: () => Promise<void>) =>
    Promise.all(Array.from({ length: 8 }, action));

  it('lets one in at a time and tells the others whom they wait for', async () => {
    const room = watchedRoom();
    const onWait = jest.fn();

    await eightTimes(() => withLock(file, room.visit, { pollMs: 1, onWait }));

    expect(room.most).toBe(1);
    expect(onWait).toHaveBeenCalledTimes(7);
    for (const [holder] of onWait.mock.calls) {
      expect(holder.pid).toBe(process.pid);
    }
  });

  it('keeps its promise when many come and go', async () => {
    const room = watchedRoom();

    await eightTimes(async () => {
      for (let turn = 0; turn < 300; turn++) {
        await withLock(file, room.visit, { pollMs: 0 });
      }
    });

    expect(room).toMatchObject({ most: 1, visits: 2400 });
    expect(await fs.readdir(join(folder, 'below'))).toEqual([]);
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
    const room = watchedRoom();

    await eightTimes(() => withLock(file, room.visit, { pollMs: 0 }));

    expect(room).toMatchObject({ most: 1, visits: 8 });
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
