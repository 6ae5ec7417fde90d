import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { createMark, SESSION_MARKER, shellCommand } from './shellCommand';

const session = { id: '01jcm0000000000000000000aa', mark: 123456789 };

describe('shellCommand', () => {
  it('is one argv in which only what marks it differs between sessions', () => {
    const other = shellCommand({ id: '01jcm0000000000000000000bb', mark: 7 });
    const changed = shellCommand(session).filter(
      (argument, i) => argument !== other[i],
    );
    expect(changed).toEqual(['123456789', session.id, '4171510507']);
  });

  it('marks the limit and the environment of what the shell starts', () => {
    const [file, ...args] = shellCommand(session);
    const output = execFileSync(file, args, {
      input: `printf '%s|%s\\n' "$${SESSION_MARKER}" "$TERM"; (sh -c 'while read -r line; do case "$line" in "Max file locks"* | "Max resident set"*) echo "$line";; esac; done </proc/self/limits')\n`,
      encoding: 'utf8',
    });
    expect(output).toContain(`${session.id}|xterm-256color`);
    expect(output).toMatch(/Max file locks +123456789 +123456789/);
    expect(output).toMatch(/Max resident set +4271626759168 +4271626759168/);
  });

  it('starts a shell all the same where the limit cannot be set', () => {
    const [file, ...args] = shellCommand({ ...session, mark: Number.NaN });
    const output = execFileSync(file, args, {
      input: 'echo $((6*7))\n',
      encoding: 'utf8',
    });
    expect(output).toBe('42\n');
  });
});

describe('the pair of limits that a mark stands for', () => {
  const marks = fc.integer({ min: 1_000_000, max: 2 ** 31 - 2 });
  const limitsOf = (mark: number) => ({
    locks: mark,
    kilobytes: Number(shellCommand({ id: session.id, mark }).at(-1)),
  });

  it('cannot be reached from another session’s by lowering limits', () => {
    fc.assert(
      fc.property(marks, marks, (one, other) => {
        fc.pre(one !== other);
        const from = limitsOf(one);
        const to = limitsOf(other);
        expect(to.locks > from.locks || to.kilobytes > from.kilobytes).toBe(
          true,
        );
      }),
    );
  });

  it('is more memory than a program could be kept from using', () => {
    fc.assert(
      fc.property(marks, mark => {
        expect(limitsOf(mark).kilobytes).toBeGreaterThanOrEqual(2 ** 31);
      }),
    );
  });
});

describe('createMark', () => {
  it('is a number that no container has by itself and every ulimit takes', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999999, noNaN: true }), share => {
        const mark = createMark((min, max) =>
          Math.floor(min + share * (max - min)),
        );
        expect(mark).toBeGreaterThanOrEqual(1_000_000);
        expect(mark).toBeLessThan(2 ** 31);
      }),
    );
  });
});
