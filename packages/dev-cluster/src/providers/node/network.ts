import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../../folders';
import { withLock } from '../../process/FileLock';
import { run } from '../../process/run';
import { requireProgram } from '../../system/programs';

/** The pods' network: a /24 of a private range that hardly anything else uses. */
export interface PodNetwork {
  gateway: string;
  subnet: string;
}

const RANGE = '10.253';

export function podNetwork(third: number): PodNetwork {
  return {
    gateway: `${RANGE}.${third}.1`,
    subnet: `${RANGE}.${third}.0/24`,
  };
}

/** The first network of the range in which this machine has no address yet. */
export function freePodNetwork(addresses: readonly string[]): PodNetwork {
  for (let third = 1; third < 255; third++) {
    if (!addresses.some(address => address.startsWith(`${RANGE}.${third}.`))) {
      return podNetwork(third);
    }
  }
  throw new Error(
    `every network in ${RANGE}.0.0/16 is in use on this machine: stop other clusters with \`dev-cluster down\``,
  );
}

/**
 * Makes the link that pods are attached to. It is made before the first pod because its address is the node's: a node may not have
 * a loopback address, and the machine's own one would have to exist and be reachable.
 */
export async function createBridge(name: string): Promise<PodNetwork> {
  return withLock(join(cacheFolder(), 'network.lock'), async () => {
    const addresses = Object.values(networkInterfaces())
      .flatMap(list => list ?? [])
      .map(({ address }) => address);
    const network = freePodNetwork(addresses);
    await ip('link', 'add', 'name', name, 'type', 'bridge');
    await ip('addr', 'add', `${network.gateway}/24`, 'dev', name);
    await ip('link', 'set', name, 'up');
    return network;
  });
}

export async function deleteBridge(name: string): Promise<void> {
  await ip('link', 'delete', name);
}

/** Busybox's, because a small Debian has no other one. */
async function ip(...args: string[]): Promise<void> {
  await run(requireProgram('busybox'), ['ip', ...args]);
}
