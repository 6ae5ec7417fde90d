import { createHash, randomBytes } from 'node:crypto';
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

/** One holding of a lock: a process may hold the same lock again later. */
interface Claim extends ProcessIdentity {
  id: string;
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
  const claim = claimOfThisProcess();
  const offer = `${file}.${claim.id}`;
  // Linking a finished file makes the lock appear together with its content.
  await fs.writeFile(offer, JSON.stringify(claim), { mode: 0o600 });
  try {
    for (let told = false; !(await linked(offer, file)); ) {
      const found = await read(file);
      if (found === undefined) {
        continue;
      }
      const holder = parsed(found);
      if (!holder || !isAlive(holder)) {
        await bury(file, found, options);
        continue;
      }
      if (!told) {
        options.onWait?.(holder);
        told = true;
      }
      await delay(options.pollMs ?? 200, undefined, { signal: options.signal });
    }
  } finally {
    await fs.rm(offer, { force: true });
  }
}

function claimOfThisProcess(): Claim {
  const me = identityOf(process.pid);
  if (!me) {
    throw new Error(
      'Cannot tell this process from others: is /proc mounted and readable?',
    );
  }
  return { ...me, id: randomBytes(6).toString('hex') };
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

/** What the lock says; undefined if nobody holds it. */
async function read(file: string): Promise<string | undefined> {
  try {
    return await fs.readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

function parsed(content: string): Claim | undefined {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

/**
 * Removes a dead holder's lock. Only who holds the lock that is named after it may do so: by the
 * time that a slow waiter removes what it saw, a living holder's lock may stand there.
 */
async function bury(
  file: string,
  dead: string,
  { pollMs, signal }: LockOptions,
): Promise<void> {
  const name = createHash('sha256').update(dead).digest('hex').slice(0, 12);
  const removeIfUnchanged = async () => {
    if ((await read(file)) === dead) {
      await fs.rm(file);
    }
  };
  await withLock(`${file}.${name}`, removeIfUnchanged, { pollMs, signal });
}
