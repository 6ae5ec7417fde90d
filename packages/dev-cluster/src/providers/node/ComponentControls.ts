import { existsSync, promises as fs, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ClusterInfo } from '../../Cluster';
import {
  identityOf,
  isAlive,
  ProcessIdentity,
  signal,
} from '../../process/ProcessIdentity';
import { run } from '../../process/run';
import { requireProgram } from '../../system/programs';
import { ApiServerProbe } from './ApiServerProbe';
import { kubeconfigPort } from './kubeconfig';
import { Layout, layoutOf } from './layout';
import { Plan, PlannedProcess } from './plan';
import { recordedProcesses } from './teardown';

export type ComponentName =
  | 'etcd'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'containerd'
  | 'kubelet';

const PATIENCE_MS = 60_000;

/**
 * Breaks parts of a running cluster and mends them again, for tests. It touches only processes that the cluster itself started: children
 * of its first process that run one of its planned commands.
 */
export class ComponentControls {
  private readonly layout: Layout;

  constructor(private readonly info: ClusterInfo) {
    if (info.provider !== 'node') {
      throw new Error(
        `the cluster '${info.name}' is not one of this machine: its components are not ours to stop`,
      );
    }
    this.layout = layoutOf(info.folder);
  }

  /** The component keeps its connections and answers nothing, as on a machine that hangs. */
  async pause(name: ComponentName): Promise<void> {
    this.send(await this.running(name), name, 'SIGSTOP');
  }

  async resume(name: ComponentName): Promise<void> {
    this.send(await this.running(name), name, 'SIGCONT');
  }

  /** Kills the component and keeps it from being started. */
  async stop(name: ComponentName): Promise<void> {
    await fs.writeFile((await this.planned(name)).hold!, '');
    const identity = await this.find(name);
    if (!identity) {
      return;
    }
    signal(identity, 'SIGKILL');
    // Until it is collected, too: the sockets of one that was killed close only when the last of its threads has ended.
    await this.until(
      `${name} (process ${identity.pid}) has ended`,
      async () => !isAlive(identity) && !existsSync(`/proc/${identity.pid}`),
    );
  }

  /** Lets it start again and waits until it runs, and until the API server is ready where it takes part in that. */
  async start(name: ComponentName): Promise<void> {
    await fs.rm((await this.planned(name)).hold!, { force: true });
    await this.until(
      `${name} runs`,
      async () => (await this.find(name)) !== undefined,
    );
    if (name === 'etcd' || name === 'kube-apiserver') {
      await this.untilReady();
    }
  }

  /**
   * Kills what runs in a container, as a crash does; from inside, nobody can do that to the first process.
   *
   * @param id - as in a pod's status, e.g. `containerd://…`
   */
  async killContainer(id: string): Promise<void> {
    await run(requireProgram('ctr'), [
      '--address',
      this.layout.containerdSocket,
      '--namespace',
      'k8s.io',
      'tasks',
      'kill',
      '--signal',
      'SIGKILL',
      id.replace(/^\w+:\/\//, ''),
    ]);
  }

  /** Mends everything, whatever a test left broken. */
  async mend(): Promise<void> {
    for (const { name } of (await this.plan()).processes) {
      await fs.rm(join(this.layout.holds, name), { force: true });
      const identity = await this.find(name);
      if (identity) {
        signal(identity, 'SIGCONT');
      }
    }
    await this.untilReady();
  }

  private async untilReady(): Promise<void> {
    const probe = await ApiServerProbe.create(
      this.layout,
      await kubeconfigPort(this.layout),
    );
    try {
      await this.until('the API server is ready', () => probe.isReady());
    } finally {
      probe.close();
    }
  }

  private async until(
    what: string,
    isTrue: () => Promise<boolean>,
  ): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!(await isTrue())) {
      if (performance.now() > deadline) {
        throw new Error(
          `waited in vain until ${what} in the cluster '${this.info.name}'`,
        );
      }
      await delay(25);
    }
  }

  private send(
    identity: ProcessIdentity,
    name: ComponentName,
    what: NodeJS.Signals,
  ): void {
    if (!signal(identity, what)) {
      throw new Error(`${name} ended before it was sent ${what}`);
    }
  }

  private async running(name: ComponentName): Promise<ProcessIdentity> {
    const identity = await this.find(name);
    if (!identity) {
      throw new Error(
        `${name} does not run in the cluster '${this.info.name}'`,
      );
    }
    return identity;
  }

  private async find(
    name: ComponentName | string,
  ): Promise<ProcessIdentity | undefined> {
    const { command } = await this.planned(name);
    const { inside } = await recordedProcesses(this.layout);
    if (!inside || identityOf(inside.pid)?.startTime !== inside.startTime) {
      throw new Error(`the cluster '${this.info.name}' does not run`);
    }
    return childrenOf(inside.pid).find(
      ({ pid }) => commandOf(pid).join('\0') === command.join('\0'),
    );
  }

  private async planned(name: string): Promise<PlannedProcess> {
    const { processes } = await this.plan();
    const found = processes.find(process => process.name === name);
    if (!found?.hold) {
      throw new Error(
        `the cluster '${this.info.name}' has no component ${name} that can be held back`,
      );
    }
    return found;
  }

  private async plan(): Promise<Plan> {
    return JSON.parse(await fs.readFile(this.layout.plan, 'utf8'));
  }
}

function childrenOf(parent: number): ProcessIdentity[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .filter(pid => parentOf(pid) === parent)
    .flatMap(pid => identityOf(Number(pid)) ?? []);
}

/** Field 4 of /proc/<pid>/stat, the second after the name. */
function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

function commandOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .split('\0')
      .slice(0, -1);
  } catch {
    return [];
  }
}
