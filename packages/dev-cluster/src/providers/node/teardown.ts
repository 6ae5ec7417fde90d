import { existsSync, promises as fs } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  isAlive,
  ProcessIdentity,
  signal,
  waitForEnd,
} from '../../process/ProcessIdentity';
import { Layout } from './layout';
import { deleteBridge } from './network';

const CGROUP_ROOT = '/sys/fs/cgroup';

/** Takes back all that a run of the cluster made outside of its folder, however far it came and however it ended. */
export async function teardown(layout: Layout): Promise<void> {
  await endProcesses(layout);
  if (existsSync(`/sys/class/net/${layout.bridge}`)) {
    await deleteBridge(layout.bridge);
  }
  await Promise.all((await cgroupsOf(layout)).map(removeCgroup));
  await fs.rm(layout.runFolder, { recursive: true, force: true });
}

/**
 * Everything in the cluster is a descendant of the process inside its namespace, and the kernel ends it with that process: components,
 * shims, containers and mounts alike.
 */
async function endProcesses(layout: Layout): Promise<void> {
  const processes = await recordedProcesses(layout);
  const { outside, inside } = processes;
  if (outside && signal(outside, 'SIGTERM')) {
    await waitForEnd(outside, 3_000);
  }
  for (const identity of [outside, inside]) {
    if (identity) {
      signal(identity, 'SIGKILL');
    }
  }
  for (const identity of [outside, inside]) {
    if (identity && !(await waitForEnd(identity, 5_000))) {
      throw new Error(
        `process ${identity.pid} of the cluster does not end: look for what holds it (\`cat /proc/${identity.pid}/stack\`) and try again`,
      );
    }
  }
}

export async function areProcessesAlive(layout: Layout): Promise<boolean> {
  const { outside, inside } = await recordedProcesses(layout);
  return !!outside && isAlive(outside) && !!inside && isAlive(inside);
}

export async function recordedProcesses(
  layout: Layout,
): Promise<{ outside?: ProcessIdentity; inside?: ProcessIdentity }> {
  try {
    return JSON.parse(await fs.readFile(layout.record, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return {};
    }
    throw error;
  }
}

/** The cluster's control group, in each hierarchy of version 1 or in the only one of version 2. */
export async function cgroupsOf(layout: Layout): Promise<string[]> {
  const hierarchies = await fs.readdir(CGROUP_ROOT).catch(() => []);
  return ['', ...hierarchies]
    .map(hierarchy => join(CGROUP_ROOT, hierarchy, layout.cgroup))
    .filter(existsSync);
}

async function removeCgroup(folder: string): Promise<void> {
  const entries = await fs.readdir(folder, { withFileTypes: true });
  for (const entry of entries.filter(child => child.isDirectory())) {
    await removeCgroup(join(folder, entry.name));
  }
  // A group whose last process has just ended is busy for a moment.
  for (let attempt = 0; ; attempt++) {
    try {
      await fs.rmdir(folder);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        return;
      }
      if (attempt === 40) {
        throw error;
      }
      await delay(50);
    }
  }
}
