import { execFileSync } from 'node:child_process';
import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, isStaticProgram, requireProgram } from './programs';

describe('programs', () => {
  it('are found although the PATH leaves the system folders out', () => {
    expect(findProgram('sh', '/nowhere')).toMatch(/\/sh$/);
  });

  it('are called missing by name', () => {
    expect(() => requireProgram('no-such-program')).toThrow(
      'the program no-such-program is missing',
    );
  });

  it('are static if they need no libraries', async () => {
    const folder = await fs.mkdtemp(join(tmpdir(), 'static-'));
    await fs.writeFile(join(folder, 'go.mod'), 'module still\n\ngo 1.24\n');
    await fs.writeFile(
      join(folder, 'main.go'),
      'package main\nfunc main() {}\n',
    );
    execFileSync('go', ['build', '-o', 'still', '.'], {
      cwd: folder,
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' },
    });

    expect(isStaticProgram(join(folder, 'still'))).toBe(true);
    expect(isStaticProgram(findProgram('tar'))).toBe(false);
    expect(isStaticProgram(join(folder, 'main.go'))).toBe(false);
    expect(isStaticProgram(undefined)).toBe(false);

    await fs.rm(folder, { recursive: true });
  });
});
