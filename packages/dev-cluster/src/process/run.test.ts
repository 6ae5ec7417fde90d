import { run } from './run';

const sh = (script: string, options = {}) => run('sh', ['-c', script], options);

describe('run', () => {
  it('returns what the program printed', async () => {
    expect(await sh('cat; echo there', { input: 'hello ' })).toBe(
      'hello there\n',
    );
  });

  it('shows both outputs as they come', async () => {
    const lines: string[] = [];

    await sh('echo one; echo two >&2', {
      onLine: (line: string) => lines.push(line),
    });

    expect(lines.sort()).toEqual(['one', 'two']);
  });

  it('fails with the command, the exit code and the last lines of its errors', async () => {
    await expect(
      sh('for i in $(seq 100); do echo line $i >&2; done; exit 3'),
    ).rejects.toThrow(/^sh -c .* failed with exit code 3\nline 71\n/s);
  });

  it('names a program that does not exist', async () => {
    await expect(run('no-such-program', [])).rejects.toThrow(
      'cannot run no-such-program',
    );
  });

  it('ends a program that takes too long', async () => {
    await expect(sh('exec sleep 60', { timeoutMs: 50 })).rejects.toThrow(
      'was ended by SIGKILL (at most 50 ms are allowed)',
    );
  });

  it('does not mind a program that reads nothing', async () => {
    expect(await sh('exit 0', { input: 'x'.repeat(1_000_000) })).toBe('');
  });
});
