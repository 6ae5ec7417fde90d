import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Names one process for good. A process id alone may belong to somebody else by the time it is read. */
export interface ProcessIdentity {
  pid: number;
  /** Clock ticks between the boot of the machine and the start of the process; empty where the system does not tell. */
  startTime: string;
}

/** Field 22 of /proc/<pid>/stat. The name of the program (field 2) may contain spaces and parentheses. */
export function startTimeFromStat(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // The first field after the name is the state: a zombie has ended, it only waits for its parent to notice.
  return fields[0] === 'Z' ? undefined : fields[19];
}

export function identityOf(pid: number): ProcessIdentity | undefined {
  if (process.platform !== 'linux') {
    return exists(pid) ? { pid, startTime: '' } : undefined;
  }
  try {
    const startTime = startTimeFromStat(
      readFileSync(`/proc/${pid}/stat`, 'utf8'),
    );
    return startTime ? { pid, startTime } : undefined;
  } catch {
    return undefined;
  }
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.startTime === identity.startTime;
}

/** Sends the signal unless the process has ended. Returns whether it was sent. */
export function signal(
  identity: ProcessIdentity,
  name: NodeJS.Signals,
): boolean {
  if (!isAlive(identity)) {
    return false;
  }
  try {
    process.kill(identity.pid, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') {
      return false;
    }
    throw error;
  }
}

/** Whether the process ended in time. */
export async function waitForEnd(
  identity: ProcessIdentity,
  timeoutMs: number,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (isAlive(identity)) {
    if (performance.now() > deadline) {
      return false;
    }
    await delay(25);
  }
  return true;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
