import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';

/** Under what conditions a run was made, for whoever compares it with another. */
export interface Conditions {
  startedAt: string;
  minutes: number;
  cpu: string;
  cores: number;
  memoryGiB: number;
  kernel: string;
  node: string;
  kubernetes: string;
  /** What of the sources was measured. */
  commit: string;
  /** Whether few samples were taken. */
  isQuick: boolean;
  /** Load averages of the last minute, before and after. */
  loadBefore: number;
  loadAfter: number;
}

export function startConditions(
  kubernetes: string,
  startedAt: Date,
  isQuick: boolean,
): () => Conditions {
  const [loadBefore] = loadavg();
  return () => ({
    startedAt: startedAt.toISOString(),
    minutes: Math.ceil((Date.now() - startedAt.getTime()) / 60_000),
    cpu: cpus()[0].model,
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    kubernetes,
    commit: readCommit(),
    isQuick,
    loadBefore,
    loadAfter: loadavg()[0],
  });
}

export function describeConditions(conditions: Conditions): string {
  const { cores, cpu, memoryGiB, kernel, node, kubernetes } = conditions;
  const { loadBefore, loadAfter, startedAt, minutes } = conditions;
  const { commit, isQuick } = conditions;
  const load = `load ${loadBefore.toFixed(2)} before and ${loadAfter.toFixed(
    2,
  )} after`;
  return [
    `${cores} cores of ${cpu}, ${memoryGiB} GiB, Linux ${kernel}; Node ${node}; Kubernetes ${kubernetes} on the same machine; ${load}.`,
    `Commit ${commit}; every session recorded; begun ${startedAt}, ${minutes} minutes long${
      isQuick ? '; quick, with few samples of each' : ''
    }.`,
  ].join('\n');
}

/** With a plus where the sources have been changed since. */
function readCommit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { encoding: 'utf8' }).trim();
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no');
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? '+' : ''}`;
  } catch {
    return 'unknown';
  }
}
