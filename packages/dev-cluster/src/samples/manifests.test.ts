import { deploymentManifest, namespaceManifest } from './manifests';
import { SAMPLE_NAMESPACES, SAMPLE_WORKLOADS } from './workloads';

const info = {
  images: {
    shell: 'shell:1',
    nonroot: 'nonroot:1',
    distroless: 'distroless:1',
  },
  imagePullPolicy: 'Never',
} as const;

const deploymentOf = (component: string) =>
  deploymentManifest(
    SAMPLE_WORKLOADS.find(workload => workload.component === component)!,
    info,
  );

describe('the sample namespaces', () => {
  const ownersOf = (name: string) =>
    namespaceManifest(SAMPLE_NAMESPACES.find(one => one.name === name)!);

  it('name their owners', () => {
    expect(ownersOf('payments')).toMatchObject({
      metadata: {
        annotations: {
          'kubernetes-access.io/owners': 'group:default/payments',
        },
      },
    });
  });

  it('consent to nothing where nobody owns them', () => {
    expect(JSON.stringify(ownersOf('legacy'))).not.toContain(
      'kubernetes-access.io/owners',
    );
  });

  it('are there for every workload', () => {
    const names = SAMPLE_NAMESPACES.map(({ name }) => name);

    expect(names).toEqual(
      expect.arrayContaining(SAMPLE_WORKLOADS.map(one => one.namespace)),
    );
  });
});

describe('a sample workload', () => {
  it('has pods that the catalog finds by the component they belong to', () => {
    expect(deploymentOf('payments-api')).toMatchObject({
      metadata: { namespace: 'payments' },
      spec: {
        replicas: 2,
        template: {
          metadata: {
            labels: {
              app: 'payments-api',
              'backstage.io/kubernetes-id': 'payments-api',
            },
          },
          spec: { containers: [{ name: 'app' }, { name: 'sidecar' }] },
        },
      },
    });
  });

  it('may run as somebody who is not root', () => {
    expect(deploymentOf('payments-worker')).toMatchObject({
      spec: { template: { spec: { securityContext: { runAsNonRoot: true } } } },
    });
  });

  it('leaves it to the image what to run where that has no shell', () => {
    expect(deploymentOf('payments-ledger')).toMatchObject({
      spec: {
        template: {
          spec: {
            containers: [{ image: 'distroless:1', command: undefined }],
          },
        },
      },
    });
  });
});
