import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withoutServices } from './withoutServices';

describe('installing programs without their services', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ka-policy-'));
    file = join(folder, 'policy-rc.d');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const content = () => readFile(file, 'utf8').catch(() => undefined);
  const statusOf = () => {
    try {
      execFileSync(file, ['postgresql', 'start']);
      return 0;
    } catch (error) {
      return (error as { status: number }).status;
    }
  };

  it('forbids them while it runs, and no longer', async () => {
    await withoutServices(async () => {
      expect(statusOf()).toBe(101);
    }, file);
    expect(await content()).toBeUndefined();
  });

  it('takes the ban back when the installation fails', async () => {
    const failing = withoutServices(async () => {
      throw new Error('no network');
    }, file);
    await expect(failing).rejects.toThrow('no network');
    expect(await content()).toBeUndefined();
  });

  it('leaves a policy alone that somebody else has made', async () => {
    await writeFile(file, '#!/bin/sh\nexit 104\n');
    await withoutServices(async () => {}, file);
    expect(await content()).toContain('104');
  });

  it('takes away what a run that was killed left behind', async () => {
    let left: string | undefined;
    await withoutServices(async () => {
      left = await content();
    }, file);
    await writeFile(file, left!);
    await withoutServices(async () => {}, file);
    expect(await content()).toBeUndefined();
  });
});
