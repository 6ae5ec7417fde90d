import { cpus, loadavg, release, totalmem } from 'node:os';

/** Under what conditions a run was made, for whoever compares it with another. */
export interface Conditions {
  startedAt: string;
  cpu: string;
  cores: number;
  memoryGiB: number;
  kernel: string;
  node: string;
  kubernetes: string;
  /** Load averages of the last minute, before and after. */
  loadBefore: number;
  loadAfter: number;
}

export function startConditions(
  kubernetes: string,
  startedAt: Date,
): () => Conditions {
  const [loadBefore] = loadavg();
  return () => ({
    startedAt: startedAt.toISOString(),
    cpu: cpus()[0].model,
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    kubernetes,
    loadBefore,
    loadAfter: loadavg()[0],
  });
}

export function describeConditions(conditions: Conditions): string {
  const { cores, cpu, memoryGiB, kernel, node, kubernetes } = conditions;
  const { loadBefore, loadAfter, startedAt } = conditions;
  return [
    `${cores} cores of ${cpu}, ${memoryGiB} GiB, Linux ${kernel}; Node ${node}; Kubernetes ${kubernetes} on the same machine.`,
    `Load before ${loadBefore.toFixed(2)}, after ${loadAfter.toFixed(
      2,
    )}; begun ${startedAt}.`,
  ].join('\n');
}
