import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import type { ClusterCredential, ClusterOptions } from './types';
import type { Section } from './values';
import { assertNamespace, sections, subsection } from './values';

const CLUSTER_KEYS = [
  'name',
  'title',
  'inCluster',
  'kubeconfig',
  'server',
  'caData',
  'caFile',
  'skipTLSVerify',
  'serviceAccountToken',
  'tokenFile',
  'grantNamespace',
];

const DEFAULT_GRANT_NAMESPACE = 'kubernetes-access-grants';

/**
 * Reads `kubernetesAccess.clusters`.
 *
 * @param neighbours - clusters of the kubernetes plugin: address and CA of a cluster that it knows by the same name
 *   need not be said twice. Its credentials are never taken: they are for reading.
 */
export function readClusters(
  root: Section,
  neighbours: Map<string, Config>,
): ClusterOptions[] {
  const clusters = sections(root, 'clusters', CLUSTER_KEYS).map(section =>
    readCluster(section, neighbours),
  );
  const seen = new Set<string>();
  for (const { name } of clusters) {
    if (seen.has(name)) {
      throw new InputError(
        `Two clusters are named '${name}' in config at '${root.path}.clusters'; give each a name of its own`,
      );
    }
    seen.add(name);
  }
  return clusters;
}

function readCluster(
  section: Section,
  neighbours: Map<string, Config>,
): ClusterOptions {
  const name = section.config.getString('name');
  const neighbour = neighbours.get(name);
  const grantNamespace =
    section.config.getOptionalString('grantNamespace') ??
    DEFAULT_GRANT_NAMESPACE;
  assertNamespace(grantNamespace, `${section.path}.grantNamespace`);
  return {
    name,
    title:
      section.config.getOptionalString('title') ??
      neighbour?.getOptionalString('title') ??
      name,
    credential: readCredential(section, neighbour),
    grantNamespace,
  };
}

function readCredential(
  section: Section,
  neighbour: Config | undefined,
): ClusterCredential {
  const { config, path } = section;
  const inCluster = config.getOptionalBoolean('inCluster') ?? false;
  const kubeconfig = subsection(section, 'kubeconfig', ['file', 'context']);
  const token = readTokenSource(section);
  const ways = [inCluster, kubeconfig, token].filter(Boolean).length;
  if (ways !== 1) {
    throw new InputError(
      `The cluster in config at '${path}' must have exactly one way to log in: inCluster: true, kubeconfig.file, or serviceAccountToken or tokenFile (with server)`,
    );
  }
  if (!token) {
    refuseWithoutToken(section);
  }
  if (inCluster) {
    return { kind: 'inCluster' };
  }
  if (kubeconfig) {
    const context = kubeconfig.config.getOptionalString('context');
    return {
      kind: 'kubeconfig',
      file: kubeconfig.config.getString('file'),
      ...(context ? { context } : {}),
    };
  }
  return { ...readServer(section, neighbour), ...token };
}

function readTokenSource(
  section: Section,
): { serviceAccountToken: string } | { tokenFile: string } | undefined {
  const { config, path } = section;
  const serviceAccountToken = config.getOptionalString('serviceAccountToken');
  const tokenFile = config.getOptionalString('tokenFile');
  if (serviceAccountToken && tokenFile) {
    throw new InputError(
      `The cluster in config at '${path}' has both serviceAccountToken and tokenFile; keep one`,
    );
  }
  if (serviceAccountToken) {
    return { serviceAccountToken };
  }
  return tokenFile ? { tokenFile } : undefined;
}

/** Settings that only a token makes use of would otherwise be ignored in silence. */
function refuseWithoutToken({ config, path }: Section): void {
  for (const key of ['server', 'caData', 'caFile', 'skipTLSVerify']) {
    if (config.has(key)) {
      throw new InputError(
        `'${path}.${key}' in config only goes with serviceAccountToken or tokenFile; remove it`,
      );
    }
  }
}

function readServer({ config, path }: Section, neighbour: Config | undefined) {
  const ownServer = config.getOptionalString('server');
  const server = ownServer ?? neighbour?.getOptionalString('url');
  if (!server) {
    throw new InputError(
      `The cluster in config at '${path}' has no server, and kubernetes.clusterLocatorMethods names no cluster '${config.getString(
        'name',
      )}' to take it from`,
    );
  }
  const skipTlsVerify =
    config.getOptionalBoolean('skipTLSVerify') ??
    neighbour?.getOptionalBoolean('skipTLSVerify') ??
    false;
  assertServer(server, skipTlsVerify, `${path}.server`);
  const own = authority(config);
  // A server of one's own with another one's authority could never be trusted.
  const fromNeighbour = !ownServer && neighbour ? authority(neighbour) : {};
  return {
    kind: 'token' as const,
    server,
    skipTlsVerify,
    ...(Object.keys(own).length > 0 ? own : fromNeighbour),
  };
}

function authority(config: Config): { caData?: string; caFile?: string } {
  const caData = config.getOptionalString('caData');
  const caFile = config.getOptionalString('caFile');
  return {
    ...(caData ? { caData } : {}),
    ...(caFile && !caData ? { caFile } : {}),
  };
}

function assertServer(
  server: string,
  skipTlsVerify: boolean,
  path: string,
): void {
  const protocol = URL.canParse(server) ? new URL(server).protocol : undefined;
  const allowed =
    protocol === 'https:' || (protocol === 'http:' && skipTlsVerify);
  if (!allowed) {
    throw new InputError(
      `Invalid server '${server}' in config at '${path}': it must be an https URL (http only with skipTLSVerify: true)`,
    );
  }
}

/** The clusters that the kubernetes plugin is configured with, by name. */
export function readNeighbours(rootConfig: Config): Map<string, Config> {
  const methods =
    rootConfig.getOptionalConfigArray('kubernetes.clusterLocatorMethods') ?? [];
  const clusters = methods
    .filter(method => method.getOptionalString('type') === 'config')
    .flatMap(method => method.getOptionalConfigArray('clusters') ?? []);
  return new Map(clusters.map(config => [config.getString('name'), config]));
}
