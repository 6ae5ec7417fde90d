import {
  CONTRACT_ANNOTATION,
  CONTRACT_VERSION,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { isForbidden, isNotFound } from './errors';
import type { HttpKubeClient } from './HttpKubeClient';
import { accessRequestDefinitionPath, namespacePath } from './paths';
import type { KubeObject, Namespace } from './types';

/** The oldest minor version of Kubernetes 1 that has what the chart relies on: stable selectable fields. */
const OLDEST_MINOR = 32;

/** A cluster that answers but cannot be used as it is. The message says what to do. */
export class UnsupportedClusterError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnsupportedClusterError';
  }
}

/**
 * Finds out whether a cluster can be used, and what it is known by.
 *
 * @returns the UID of its kube-system namespace
 * @throws UnsupportedClusterError
 * @throws KubeConnectionError when it cannot be reached
 */
export async function inspectCluster(client: HttpKubeClient): Promise<string> {
  demandVersion(await client.getJson('/version'));
  demandContract(
    await readOr(
      client.get<KubeObject>(accessRequestDefinitionPath()),
      'has no AccessRequests that this back end can see; install the chart helm/kubernetes-access there',
    ),
  );
  const { metadata } = await readOr(
    client.get<Namespace>(namespacePath('kube-system')),
    'does not let this back end read the namespace kube-system, whose UID it is known by; upgrade the chart helm/kubernetes-access there',
  );
  return metadata.uid ?? '';
}

function demandVersion(version: { major?: string; minor?: string }): void {
  const minor = parseInt(version.minor ?? '', 10);
  if (version.major === '1' && minor < OLDEST_MINOR) {
    throw new UnsupportedClusterError(
      `runs Kubernetes 1.${minor}; version 1.${OLDEST_MINOR} or newer is needed`,
    );
  }
}

function demandContract({ metadata }: KubeObject): void {
  const found = metadata.annotations?.[CONTRACT_ANNOTATION];
  // A newer chart still gives what this back end needs: it only ever adds.
  if (!(Number(found) >= Number(CONTRACT_VERSION))) {
    throw new UnsupportedClusterError(
      `has a chart that is too old (contract ${
        found ?? 'unknown'
      }, this back end needs ${CONTRACT_VERSION}); install the chart that comes with this back end`,
    );
  }
}

async function readOr<T>(reading: Promise<T>, problem: string): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw isNotFound(error) || isForbidden(error)
      ? new UnsupportedClusterError(problem)
      : error;
  }
}
