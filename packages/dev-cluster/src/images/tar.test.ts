import { execFileSync } from 'node:child_process';
import { writeTar } from './tar';

const list = (archive: Buffer) =>
  execFileSync('tar', ['--list', '--verbose', '--numeric-owner', '-f', '-'], {
    input: archive,
    env: { ...process.env, TZ: 'UTC' },
  })
    .toString()
    .trim()
    .split('\n')
    .map(line => line.replace(/\s+/g, ' '));

const extract = (archive: Buffer, path: string) =>
  execFileSync('tar', ['--extract', '--to-stdout', '-f', '-', path], {
    input: archive,
  }).toString();

describe('writeTar', () => {
  it('writes files, folders and links that tar understands', () => {
    const archive = writeTar([
      { path: 'tmp', mode: 0o1777, directory: true },
      { path: 'home/worker', mode: 0o755, directory: true, owner: 1000 },
      { path: 'bin/tool', mode: 0o755, content: Buffer.from('tool') },
      { path: 'bin/sh', mode: 0o777, linkTarget: '/bin/tool' },
    ]);

    expect(list(archive)).toEqual([
      'drwxrwxrwt 0/0 0 1970-01-01 00:00 tmp/',
      'drwxr-xr-x 1000/1000 0 1970-01-01 00:00 home/worker/',
      '-rwxr-xr-x 0/0 4 1970-01-01 00:00 bin/tool',
      'lrwxrwxrwx 0/0 0 1970-01-01 00:00 bin/sh -> /bin/tool',
    ]);
  });

  it.each([0, 1, 511, 512, 513, 100_000])(
    'keeps a content of %d bytes',
    length => {
      const content = Buffer.alloc(length, 'content ');
      const archive = writeTar([
        { path: 'first', mode: 0o644, content },
        { path: 'second', mode: 0o644, content: Buffer.from('untouched') },
      ]);

      expect(archive.length % 512).toBe(0);
      expect(extract(archive, 'first')).toBe(content.toString());
      expect(extract(archive, 'second')).toBe('untouched');
    },
  );

  it('gives the same bytes for the same entries', () => {
    const entries = [{ path: 'a', mode: 0o644, content: Buffer.from('a') }];

    expect(writeTar(entries).equals(writeTar(entries))).toBe(true);
  });

  it('refuses a path that does not fit into a header instead of cutting it', () => {
    expect(() => writeTar([{ path: 'x'.repeat(101), mode: 0o644 }])).toThrow(
      'is too long for an archive',
    );
  });
});
