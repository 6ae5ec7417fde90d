import { randomBytes } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf, isAlive, ProcessIdentity } from './ProcessIdentity';

export interface LockOptions {
  /** Called once if somebody else holds the lock. */
  onWait?: (holder: ProcessIdentity) => void;
  pollMs?: number;
  /** Ends the waiting. */
  signal?: AbortSignal;
}

/** Does one thing at a time across processes. A lock whose holder is dead counts for nothing. */
export async function withLock<T>(
  file: string,
  action: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  await fs.mkdir(dirname(file), { recursive: true });
  await acquire(file, options);
  try {
    return await action();
  } finally {
    await fs.rm(file, { force: true });
  }
}

async function acquire(file: string, options: LockOptions): Promise<void> {
  const me = identityOf(process.pid);
  const offer = `${file}.${randomBytes(6).toString('hex')}`;
  // Linking a finished file makes the lock appear together with its content.
  await fs.writeFile(offer, JSON.stringify(me), { mode: 0o600 });
  try {
    for (let told = false; !(await linked(offer, file)); ) {
      const holder = await readHolder(file);
      if (holder && isAlive(holder)) {
        if (!told) {
          options.onWait?.(holder);
          told = true;
        }
        await delay(options.pollMs ?? 200, undefined, {
          signal: options.signal,
        });
      } else {
        await bury(file);
      }
    }
  } finally {
    await fs.rm(offer, { force: true });
  }
}

async function linked(offer: string, file: string): Promise<boolean> {
  try {
    await fs.link(offer, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

async function readHolder(file: string): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await fs.readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Removes a dead holder's lock. Renaming first makes sure that only one of several waiters does, and that it sees what it removed. */
async function bury(file: string): Promise<void> {
  const grave = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await fs.rename(file, grave);
  } catch {
    return;
  }
  const holder = await readHolder(grave);
  if (holder && isAlive(holder)) {
    await linked(grave, file);
  }
  await fs.rm(grave, { force: true });
}
