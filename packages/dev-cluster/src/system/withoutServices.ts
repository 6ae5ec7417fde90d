import { readFile, rm, writeFile } from 'node:fs/promises';

/** Where Debian asks whether a package that is being installed may start its service. */
const POLICY_FILE = '/usr/sbin/policy-rc.d';
const MARK = '# Written by kubernetes-access while it installs programs.';
const POLICY = `#!/bin/sh
${MARK}
exit 101
`;

/**
 * Runs an installation from which only programs are wanted: no server of a package is started on this machine.
 * A policy that somebody else has made stays as it is; one of ours that a killed run left behind is taken away.
 */
export async function withoutServices<T>(
  install: () => Promise<T>,
  file: string = POLICY_FILE,
): Promise<T> {
  const present = await readFile(file, 'utf8').catch(() => undefined);
  if (present !== undefined && !present.includes(MARK)) {
    return install();
  }
  await writeFile(file, POLICY, { mode: 0o755 });
  try {
    return await install();
  } finally {
    await rm(file, { force: true });
  }
}
