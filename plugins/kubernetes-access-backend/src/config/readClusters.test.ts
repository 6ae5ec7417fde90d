import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { readClusters, readNeighbours } from './readClusters';

function read(clusters: JsonObject[], neighbours: JsonObject[] = []) {
  return readClusters(
    { config: new ConfigReader({ clusters }), path: 'kubernetesAccess' },
    readNeighbours(
      new ConfigReader({
        kubernetes: {
          clusterLocatorMethods: [
            { type: 'catalog' },
            { type: 'config', clusters: neighbours },
          ],
        },
      }),
    ),
  );
}

describe('readClusters', () => {
  it('reads each way to log in', () => {
    const clusters = read([
      { name: 'here', inCluster: true },
      { name: 'dev', kubeconfig: { file: '/etc/kubeconfig', context: 'dev' } },
      {
        name: 'prod',
        title: 'Production',
        server: 'https://prod.test:6443',
        caFile: '/etc/prod.crt',
        tokenFile: '/etc/prod.token',
        grantNamespace: 'grants',
      },
    ]);
    expect(clusters).toEqual([
      {
        name: 'here',
        title: 'here',
        grantNamespace: 'kubernetes-access-grants',
        credential: { kind: 'inCluster' },
      },
      {
        name: 'dev',
        title: 'dev',
        grantNamespace: 'kubernetes-access-grants',
        credential: {
          kind: 'kubeconfig',
          file: '/etc/kubeconfig',
          context: 'dev',
        },
      },
      {
        name: 'prod',
        title: 'Production',
        grantNamespace: 'grants',
        credential: {
          kind: 'token',
          server: 'https://prod.test:6443',
          caFile: '/etc/prod.crt',
          skipTlsVerify: false,
          tokenFile: '/etc/prod.token',
        },
      },
    ]);
  });

  const neighbour = {
    name: 'prod',
    title: 'Production',
    url: 'https://prod.test:6443',
    caData: 'Q0E=',
    authProvider: 'serviceAccount',
    serviceAccountToken: 'for-reading',
  };

  it('takes address, authority and title from the kubernetes plugin, and never its credential', () => {
    const [cluster] = read(
      [{ name: 'prod', serviceAccountToken: 'ours' }],
      [neighbour],
    );
    expect(cluster).toMatchObject({
      title: 'Production',
      credential: {
        kind: 'token',
        server: 'https://prod.test:6443',
        caData: 'Q0E=',
        skipTlsVerify: false,
        serviceAccountToken: 'ours',
      },
    });
  });

  it("does not trust another server by the neighbour's authority", () => {
    const [cluster] = read(
      [
        {
          name: 'prod',
          server: 'https://elsewhere.test',
          serviceAccountToken: 'ours',
        },
      ],
      [neighbour],
    );
    expect(cluster.credential).not.toHaveProperty('caData');
  });

  it('prefers what is given here', () => {
    const [cluster] = read(
      [
        {
          name: 'prod',
          title: 'Ours',
          caFile: '/etc/ours.crt',
          serviceAccountToken: 'ours',
        },
      ],
      [neighbour],
    );
    expect(cluster.title).toBe('Ours');
    expect(cluster.credential).toMatchObject({ caFile: '/etc/ours.crt' });
    expect(cluster.credential).not.toHaveProperty('caData');
  });

  it.each<[string, JsonObject[], RegExp]>([
    [
      'a cluster without credentials',
      [{ name: 'a' }],
      /exactly one way to log in/,
    ],
    [
      'two ways to log in',
      [{ name: 'a', inCluster: true, kubeconfig: { file: 'f' } }],
      /'kubernetesAccess\.clusters\[0\]' must have exactly one way/,
    ],
    [
      'two tokens',
      [
        {
          name: 'a',
          server: 'https://a',
          serviceAccountToken: 't',
          tokenFile: 'f',
        },
      ],
      /keep one/,
    ],
    [
      'a token without a server',
      [{ name: 'a', serviceAccountToken: 't' }],
      /names no cluster 'a' to take it from/,
    ],
    [
      'a server that would be ignored',
      [{ name: 'a', inCluster: true, server: 'https://a' }],
      /'kubernetesAccess\.clusters\[0\]\.server' in config only goes with/,
    ],
    [
      'a server without TLS',
      [{ name: 'a', server: 'http://a', serviceAccountToken: 't' }],
      /must be an https URL/,
    ],
    [
      'two clusters of one name',
      [
        { name: 'a', inCluster: true },
        { name: 'a', inCluster: true },
      ],
      /Two clusters are named 'a'/,
    ],
    [
      'an unknown key',
      [{ name: 'a', inCluster: true, token: 't' }],
      /Unknown key 'token'/,
    ],
  ])('refuses %s', (_, clusters, message) => {
    expect(() => read(clusters)).toThrow(message);
  });
});
