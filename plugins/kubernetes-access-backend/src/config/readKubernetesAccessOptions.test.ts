import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { readKubernetesAccessOptions } from './readKubernetesAccessOptions';

function read(kubernetesAccess?: JsonObject, rest: JsonObject = {}) {
  return readKubernetesAccessOptions(
    new ConfigReader({
      ...(kubernetesAccess && { kubernetesAccess }),
      ...rest,
    }),
  );
}

describe('readKubernetesAccessOptions', () => {
  it('has the built-in policy and no cluster when nothing is configured', () => {
    expect(read()).toEqual({
      clusters: [],
      defaults: {
        minDurationSeconds: 600,
        maxDurationSeconds: 28_800,
        defaultDurationSeconds: 3600,
        minReasonLength: 10,
        maxReasonLength: 1000,
        approvals: 1,
        pendingSeconds: 86_400,
      },
      targets: [],
      targetTrust: 'namespace',
      excludedNamespaces: [
        'kube-system',
        'kube-public',
        'kube-node-lease',
        'kubernetes-access',
      ],
      admins: [],
      auditors: [],
      fallbackApprovers: [],
      audit: { keys: [] },
      recording: {
        enabled: true,
        maxBytesPerSession: 67_108_864,
        approversMayPlay: false,
      },
      sessions: {
        maxPerUser: 10,
        maxPerRequest: 5,
        idleSeconds: 1800,
        allowedOrigins: [],
      },
      quotas: {
        openRequestsPerUser: 10,
        requestsPerHour: 30,
        pauseAfterDenialSeconds: 300,
      },
    });
  });

  it('proposes a duration within bounds that exclude the usual hour', () => {
    const { defaults } = read({
      defaults: { minDuration: '5s', maxDuration: { minutes: 2 } },
    });
    expect(defaults).toMatchObject({
      minDurationSeconds: 5,
      maxDurationSeconds: 120,
      defaultDurationSeconds: 120,
    });
  });

  it('excludes the grant namespaces beside those that are named', () => {
    const { excludedNamespaces } = read({
      clusters: [{ name: 'a', inCluster: true, grantNamespace: 'grants-a' }],
      excludedNamespaces: ['vault'],
    });
    expect(excludedNamespaces).toEqual(
      expect.arrayContaining(['kube-system', 'grants-a', 'vault']),
    );
  });

  it('excludes the namespace that the back end runs in', () => {
    const { excludedNamespaces } = readKubernetesAccessOptions(
      new ConfigReader({}),
      'backstage',
    );
    expect(excludedNamespaces).toContain('backstage');
  });

  it('writes entity refs in full and in one way', () => {
    expect(
      read({ admins: ['Group:Platform', 'group:default/platform'] }).admins,
    ).toEqual(['group:default/platform']);
  });

  it.each<[string, JsonObject, RegExp]>([
    [
      'a mistyped key',
      { targetTrusts: 'catalog' },
      /Unknown key 'targetTrusts'/,
    ],
    [
      'a mistyped key further down',
      { defaults: { maxDurations: '1h' } },
      /'maxDurations' in config at 'kubernetesAccess.defaults'/,
    ],
    [
      'an unknown word',
      { targetTrust: 'everybody' },
      /kubernetesAccess\.targetTrust.*namespace or catalog/,
    ],
    [
      'bounds the wrong way round',
      { defaults: { minDuration: '2h', maxDuration: '1h' } },
      /kubernetesAccess\.defaults\.maxDuration/,
    ],
    [
      'a maximum of more than a week',
      { defaults: { maxDuration: '8d' } },
      /at most 7 days/,
    ],
    [
      'a proposal out of bounds',
      { defaults: { duration: '9h' } },
      /kubernetesAccess\.defaults\.duration/,
    ],
    [
      'fractions of a second',
      { defaults: { minDuration: { milliseconds: 1500 } } },
      /whole seconds/,
    ],
    [
      'a pause of days after a denial',
      { quotas: { pauseAfterDenial: '2d' } },
      /kubernetesAccess\.quotas\.pauseAfterDenial.*at most 24 hours/,
    ],
    [
      'no approval at all',
      { defaults: { approvals: 0 } },
      /kubernetesAccess\.defaults\.approvals.*from 1 to 10/,
    ],
    [
      'a reason that may be empty',
      { defaults: { minReasonLength: 0 } },
      /minReasonLength/,
    ],
    [
      'a ref without a kind',
      { admins: ['platform'] },
      /Invalid entity ref 'platform'/,
    ],
    [
      'a ref of something that cannot decide',
      { fallbackApprovers: ['component:default/api'] },
      /kubernetesAccess\.fallbackApprovers.*user or group/,
    ],
    [
      'a name that no namespace has',
      { excludedNamespaces: ['Kube_System'] },
      /kubernetesAccess\.excludedNamespaces/,
    ],
    [
      'owners of a cluster that is not configured',
      { targets: [{ cluster: 'x', namespaces: ['a'], owners: [] }] },
      /Unknown cluster 'x' in config at 'kubernetesAccess\.targets\[0\]\.cluster'/,
    ],
    [
      'a short audit key',
      { audit: { keys: [{ id: 'a', secret: 'short' }] } },
      /at least 32 characters/,
    ],
    [
      'an audit key that was retired at no instant',
      {
        audit: {
          keys: [
            { id: 'a', secret: 'x'.repeat(32) },
            { id: 'b', secret: 'x'.repeat(32), until: 'soon' },
          ],
        },
      },
      /kubernetesAccess.audit.keys\[1\].until.*instant/,
    ],
    [
      'a retired audit key that is to sign',
      {
        audit: {
          keys: [
            { id: 'a', secret: 'x'.repeat(32), until: '2026-01-01T00:00:00Z' },
          ],
        },
      },
      /keys\[0\].until.*the first key signs/,
    ],
    [
      'two audit keys of one id',
      {
        audit: {
          keys: [
            { id: 'a', secret: 'x'.repeat(32) },
            { id: 'a', secret: 'y'.repeat(32) },
          ],
        },
      },
      /an id of its own/,
    ],
  ])('refuses %s', (_, kubernetesAccess, message) => {
    expect(() => read(kubernetesAccess)).toThrow(message);
  });
});

describe('the origins that browsers may come from', () => {
  const originsOf = (rest: JsonObject) =>
    read(undefined, rest).sessions.allowedOrigins;

  it('are where the app is served and what CORS names, without paths', () => {
    expect(
      originsOf({
        app: { baseUrl: 'https://backstage.test/portal' },
        backend: { cors: { origin: ['https://other.test:8443'] } },
      }),
    ).toEqual(['https://backstage.test', 'https://other.test:8443']);
  });

  it('never are a pattern', () => {
    expect(
      originsOf({ backend: { cors: { origin: ['*', 'https://*.test'] } } }),
    ).toEqual([]);
  });

  it('are not taken from a CORS switch', () => {
    expect(originsOf({ backend: { cors: { origin: true } } })).toEqual([]);
  });
});
