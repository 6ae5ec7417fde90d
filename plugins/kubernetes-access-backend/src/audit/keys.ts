import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ForwardedError } from '@backstage/errors';
import type { AuditKey } from './mac';

/**
 * Reads the key of the audit trail from a file, and generates it there when there is none.
 * For a demo or a single machine; in production the key comes from the configuration.
 *
 * @throws ForwardedError when the file can neither be read nor made
 */
export async function readOrCreateKeyFile(file: string): Promise<AuditKey> {
  try {
    await mkdir(dirname(file), { recursive: true });
    // `wx`: of two processes that start together, one makes the key and both read it.
    await writeFile(file, randomBytes(32).toString('hex'), {
      flag: 'wx',
      mode: 0o600,
    }).catch(ignoreExisting);
    return { id: 'file', secret: (await readFile(file, 'utf8')).trim() };
  } catch (error) {
    throw new ForwardedError(
      `Cannot read or make the key of the audit trail in '${file}'; set kubernetesAccess.audit.keys or make the folder writable`,
      error,
    );
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') {
    throw error;
  }
}
