import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { shellCommand } from '../../sessions';
import { eventually } from '../../testUtils/eventually';
import type { ReaperAnswer } from './readReaperAnswer';
import { readReaperAnswer } from './readReaperAnswer';
import { REAPER_SCRIPT, reaperCommand, SHELLS } from './reaperScript';

/** The shells of this machine, as a container has them: `sh` is always one of them. */
const HERE = [['sh'], ['dash'], ['bash'], ['busybox', 'sh']].filter(
  ([file, ...rest]) => spawnSync(file, [...rest, '-c', 'exit 0']).status === 0,
);

/**
 * Beside the tests with real containers, which have one kind of shell: here the script runs among the processes of
 * this machine, so that it may look for nothing but its own mark.
 */
describe.each(HERE)('the script of the reaper in %s %s', (...shell) => {
  const children: ChildProcess[] = [];
  const argv = shell.filter(word => typeof word === 'string') as string[];

  afterEach(() => {
    children.splice(0).forEach(child => child.kill('SIGKILL'));
  });

  function aSession() {
    return {
      id: randomBytes(13).toString('hex'),
      mark: randomInt(1_000_000, 2_000_000_000),
    };
  }

  /** Starts a session's shell that runs a line and prints the id of a process that it left behind. */
  async function start(
    session: { id: string; mark: number },
    line: string,
  ): Promise<number> {
    const [file, ...args] = shellCommand(session);
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    children.push(child);
    let printed = '';
    child.stdout.on('data', data => {
      printed += data;
    });
    child.stdin.write(`${line}\necho "[$!]"\n`);
    await eventually(() => expect(printed).toMatch(/\[\d+\]/));
    return Number(/\[(\d+)\]/.exec(printed)?.[1]);
  }

  function run(session: { id: string; mark: number }) {
    const nonce = randomBytes(8).toString('hex');
    const [file, ...args] = reaperCommand([...argv, '-s', '--'], {
      mark: session.mark,
      sessionId: session.id,
      ageMs: 60_000,
      scope: 'marked',
      nonce,
    });
    const { stdout, stderr } = spawnSync(file, args, { input: REAPER_SCRIPT });
    expect(stderr.toString()).toBe('');
    return readReaperAnswer(stdout, nonce);
  }

  /**
   * Again while it says that something is left, as the back end does: on a busy machine one walk over all processes
   * may take all of the time that it has.
   */
  function runToTheEnd(session: { id: string; mark: number }): ReaperAnswer {
    const first = run(session);
    let last = first;
    while (last.kind === 'done' && last.left > 0) {
      last = run(session);
    }
    return first.kind === 'done' && last.kind === 'done'
      ? { ...last, ended: first.ended }
      : last;
  }

  /** Whoever is to reap a zombie may take its time. */
  function isAlive(pid: number): boolean {
    try {
      return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return false;
    }
  }

  it('ends the shell and everything that it started, and nothing of another session', async () => {
    const [ours, theirs] = [aSession(), aSession()];
    const left = await start(ours, 'env -i /bin/sleep 600 &');
    const other = await start(theirs, '/bin/sleep 600 &');

    expect(runToTheEnd(ours)).toMatchObject({ kind: 'done', left: 0 });

    await eventually(() => expect(isAlive(left)).toBe(false));
    expect(isAlive(other)).toBe(true);
    expect(runToTheEnd(theirs)).toMatchObject({
      kind: 'done',
      ended: 2,
      left: 0,
    });
    await eventually(() => expect(isAlive(other)).toBe(false));
  });

  it('finds nothing where nothing is left, and does so again', async () => {
    const session = aSession();
    expect(run(session)).toMatchObject({ kind: 'done', ended: 0, left: 0 });
    expect(run(session)).toMatchObject({ kind: 'done', ended: 0, left: 0 });
  });

  it('does nothing at all when only a part of it arrives', async () => {
    const session = aSession();
    const left = await start(session, '/bin/sleep 600 &');
    const [file, ...args] = reaperCommand([...argv, '-s', '--'], {
      mark: session.mark,
      sessionId: session.id,
      ageMs: 60_000,
      scope: 'marked',
      nonce: 'n',
    });
    const end = REAPER_SCRIPT.indexOf('main "$@"');
    for (const length of [100, 1_000, 2_000, end]) {
      spawnSync(file, args, { input: REAPER_SCRIPT.slice(0, length) });
    }
    expect(isAlive(left)).toBe(true);
    run(session);
    await eventually(() => expect(isAlive(left)).toBe(false));
  });
});

describe('the command of the reaper', () => {
  it('says everything in words that are of digits and small letters', () => {
    for (const shell of SHELLS) {
      const words = reaperCommand(shell, {
        mark: 1_234_567,
        sessionId: '01jcm0000000000000000000aa',
        ageMs: 12_345.6,
        scope: 'all',
        nonce: 'abc123',
      });
      expect(words.every(word => /^[-0-9a-z]+$/.test(word))).toBe(true);
    }
  });
});
