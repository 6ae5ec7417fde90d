import type { Config } from '@backstage/config';
import { ConfigReader } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { readAllowedOrigins } from './readAllowedOrigins';
import { readClusters, readNeighbours } from './readClusters';
import { readOwnNamespace } from './readOwnNamespace';
import type {
  ClusterOptions,
  KubernetesAccessOptions,
  RequestDefaults,
  TargetOwnership,
} from './types';
import type { Section } from './values';
import {
  readEntityRefs,
  readInteger,
  readNamespaces,
  readSeconds,
  readWord,
  refuseUnknownKeys,
  sections,
  subsection,
} from './values';

const ROOT_KEYS = [
  'clusters',
  'defaults',
  'targets',
  'targetTrust',
  'excludedNamespaces',
  'admins',
  'auditors',
  'fallbackApprovers',
  'audit',
  'recording',
  'sessions',
  'quotas',
];

/**
 * Namespaces that nobody gets access to in this way, whatever the configuration says: a shell in one of
 * them is a shell in all of the cluster, or in this plugin.
 */
const ALWAYS_EXCLUDED = [
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'kubernetes-access',
];

const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** The longest that a request may ask for; what lasts longer is a standing right. */
const LONGEST_DURATION = 7 * 24 * HOUR;

/**
 * Reads `kubernetesAccess.*`. Nothing else in this plugin looks at the configuration.
 *
 * @param ownNamespace - where this back end runs; a shell there is a shell beside its credentials
 * @throws InputError that names the key and what is allowed
 */
export function readKubernetesAccessOptions(
  rootConfig: Config,
  ownNamespace: string | undefined = readOwnNamespace(),
): KubernetesAccessOptions {
  const root = {
    config:
      rootConfig.getOptionalConfig('kubernetesAccess') ?? new ConfigReader({}),
    path: 'kubernetesAccess',
  };
  refuseUnknownKeys(root, ROOT_KEYS);
  const clusters = readClusters(root, readNeighbours(rootConfig));
  return {
    clusters,
    defaults: readDefaults(root),
    targets: readTargets(root, clusters),
    targetTrust: readWord(
      root,
      'targetTrust',
      ['namespace', 'catalog'],
      'namespace',
    ),
    excludedNamespaces: readExcludedNamespaces(root, clusters, ownNamespace),
    admins: readEntityRefs(root, 'admins'),
    auditors: readEntityRefs(root, 'auditors'),
    fallbackApprovers: readEntityRefs(root, 'fallbackApprovers'),
    audit: readAudit(root),
    recording: readRecording(root),
    sessions: readSessions(root, rootConfig),
    quotas: readQuotas(root),
  };
}

function readDefaults(root: Section): RequestDefaults {
  const section = subsection(root, 'defaults', [
    'minDuration',
    'maxDuration',
    'duration',
    'minReasonLength',
    'maxReasonLength',
    'approvals',
    'pendingTimeout',
  ]);
  const minDurationSeconds = readSeconds(section, 'minDuration', 10 * MINUTE);
  const maxDurationSeconds = readSeconds(section, 'maxDuration', 8 * HOUR);
  assertOrder(
    minDurationSeconds <= maxDurationSeconds &&
      maxDurationSeconds <= LONGEST_DURATION,
    'kubernetesAccess.defaults.maxDuration',
    'it must be at least minDuration and at most 7 days',
  );
  const defaultDurationSeconds = readSeconds(
    section,
    'duration',
    Math.min(Math.max(HOUR, minDurationSeconds), maxDurationSeconds),
  );
  assertOrder(
    minDurationSeconds <= defaultDurationSeconds &&
      defaultDurationSeconds <= maxDurationSeconds,
    'kubernetesAccess.defaults.duration',
    'it must lie between minDuration and maxDuration',
  );
  const minReasonLength = readInteger(section, 'minReasonLength', {
    fallback: 10,
    min: 1,
    max: 1000,
  });
  const maxReasonLength = readInteger(section, 'maxReasonLength', {
    fallback: 1000,
    min: 1,
    max: 1000,
  });
  assertOrder(
    minReasonLength <= maxReasonLength,
    'kubernetesAccess.defaults.maxReasonLength',
    'it must be at least minReasonLength',
  );
  return {
    minDurationSeconds,
    maxDurationSeconds,
    defaultDurationSeconds,
    minReasonLength,
    maxReasonLength,
    approvals: readInteger(section, 'approvals', {
      fallback: 1,
      min: 1,
      max: 10,
    }),
    pendingSeconds: readSeconds(section, 'pendingTimeout', 24 * HOUR),
  };
}

function assertOrder(holds: boolean, path: string, rule: string): void {
  if (!holds) {
    throw new InputError(`Invalid value in config at '${path}': ${rule}`);
  }
}

function readTargets(
  root: Section,
  clusters: ClusterOptions[],
): TargetOwnership[] {
  return sections(root, 'targets', ['cluster', 'namespaces', 'owners']).map(
    section => {
      const cluster = section.config.getString('cluster');
      if (!clusters.some(({ name }) => name === cluster)) {
        throw new InputError(
          `Unknown cluster '${cluster}' in config at '${section.path}.cluster'; kubernetesAccess.clusters names no such cluster`,
        );
      }
      return {
        cluster,
        namespaces: readNamespaces(section, 'namespaces'),
        owners: readEntityRefs(section, 'owners'),
      };
    },
  );
}

function readExcludedNamespaces(
  root: Section,
  clusters: ClusterOptions[],
  ownNamespace: string | undefined,
): string[] {
  return [
    ...new Set([
      ...ALWAYS_EXCLUDED,
      ...(ownNamespace ? [ownNamespace] : []),
      ...clusters.map(({ grantNamespace }) => grantNamespace),
      ...readNamespaces(root, 'excludedNamespaces'),
    ]),
  ];
}

function readAudit(root: Section): KubernetesAccessOptions['audit'] {
  const section = subsection(root, 'audit', ['keys', 'keyFile']);
  if (!section) {
    return { keys: [] };
  }
  const keys = sections(section, 'keys', ['id', 'secret', 'until']).map(
    ({ config, path }) => {
      const until = config.getOptionalString('until');
      assertOrder(
        until === undefined || !Number.isNaN(Date.parse(until)),
        `${path}.until`,
        'it must be an instant, such as 2026-11-21T12:00:00Z',
      );
      const secret = config.getString('secret');
      assertOrder(
        secret.length >= 32,
        `${path}.secret`,
        'it must have at least 32 characters',
      );
      return {
        id: config.getString('id'),
        secret,
        ...(until ? { until: new Date(until).toISOString() } : {}),
      };
    },
  );
  assertOrder(
    new Set(keys.map(({ id }) => id)).size === keys.length,
    `${section.path}.keys`,
    'each key must have an id of its own',
  );
  assertOrder(
    keys[0]?.until === undefined,
    `${section.path}.keys[0].until`,
    'the first key signs, so that it cannot be retired: put the new key before it',
  );
  const keyFile = section.config.getOptionalString('keyFile');
  return { keys, ...(keyFile ? { keyFile } : {}) };
}

function readRecording(root: Section): KubernetesAccessOptions['recording'] {
  const section = subsection(root, 'recording', [
    'enabled',
    'maxBytesPerSession',
    'approversMayPlay',
  ]);
  return {
    enabled: section?.config.getOptionalBoolean('enabled') ?? true,
    approversMayPlay:
      section?.config.getOptionalBoolean('approversMayPlay') ?? false,
    maxBytesPerSession: readInteger(section, 'maxBytesPerSession', {
      fallback: 64 * 1024 * 1024,
      min: 1024,
      max: 4 * 1024 * 1024 * 1024,
    }),
  };
}

function readSessions(
  root: Section,
  rootConfig: Config,
): KubernetesAccessOptions['sessions'] {
  const section = subsection(root, 'sessions', [
    'maxPerUser',
    'maxPerRequest',
    'idleTimeout',
  ]);
  return {
    maxPerUser: readInteger(section, 'maxPerUser', {
      fallback: 10,
      min: 1,
      max: 1000,
    }),
    maxPerRequest: readInteger(section, 'maxPerRequest', {
      fallback: 5,
      min: 1,
      max: 1000,
    }),
    idleSeconds: readSeconds(section, 'idleTimeout', 30 * MINUTE),
    allowedOrigins: readAllowedOrigins(rootConfig),
  };
}

function readQuotas(root: Section): KubernetesAccessOptions['quotas'] {
  const section = subsection(root, 'quotas', [
    'openRequestsPerUser',
    'requestsPerHour',
    'pauseAfterDenial',
  ]);
  const pauseAfterDenialSeconds = readSeconds(
    section,
    'pauseAfterDenial',
    5 * MINUTE,
    { min: 0 },
  );
  assertOrder(
    pauseAfterDenialSeconds <= 24 * HOUR,
    'kubernetesAccess.quotas.pauseAfterDenial',
    'it must be at most 24 hours',
  );
  return {
    openRequestsPerUser: readInteger(section, 'openRequestsPerUser', {
      fallback: 10,
      min: 1,
      max: 1000,
    }),
    requestsPerHour: readInteger(section, 'requestsPerHour', {
      fallback: 30,
      min: 1,
      max: 100_000,
    }),
    pauseAfterDenialSeconds,
  };
}
