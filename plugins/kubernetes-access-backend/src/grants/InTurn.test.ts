import { InTurn } from './InTurn';

describe('InTurn', () => {
  it('runs tasks of one key in order and others beside them', async () => {
    const inTurn = new InTurn();
    const log: string[] = [];
    let release = () => {};
    const first = inTurn.run('a', async () => {
      await new Promise<void>(resolve => {
        release = resolve;
      });
      log.push('a1');
    });
    const second = inTurn.run('a', async () => log.push('a2'));
    await inTurn.run('b', async () => log.push('b1'));
    release();
    await Promise.all([first, second]);
    expect(log).toEqual(['b1', 'a1', 'a2']);
  });

  it('goes on after a failure, which only its own caller sees', async () => {
    const inTurn = new InTurn();
    const failing = inTurn.run('a', async () => {
      throw new Error('no');
    });
    const next = inTurn.run('a', async () => 'yes');
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });
});
