import { traitsOf, unionOfTraits } from './traitsOf';
import type { Pod } from './types';

type Spec = NonNullable<Pod['spec']>;
type Container = NonNullable<Spec['containers']>[number];

/** Runs as somebody, and nothing else is known of it. */
function pod(spec: Partial<Spec> = {}, status: Pod['status'] = {}): Pod {
  return {
    metadata: { name: 'api-7d9f' },
    spec: {
      securityContext: { runAsUser: 1000 },
      containers: [{ name: 'app' }],
      ...spec,
    },
    status,
  };
}

const withContainer = (container: Partial<Container>) =>
  pod({ containers: [{ name: 'app', ...container }] });

const seenAs = (uid: number): Pod['status'] => ({
  containerStatuses: [
    { name: 'app', ready: true, restartCount: 0, user: { linux: { uid } } },
  ],
});

describe('what is special about a pod', () => {
  it('is nothing when it runs as somebody without rights', () => {
    expect(traitsOf(pod())).toEqual([]);
  });

  it.each<[string, Pod, string]>([
    [
      'a privileged container',
      withContainer({ securityContext: { privileged: true } }),
      'privileged',
    ],
    ["its node's processes", pod({ hostPID: true }), 'host-processes'],
    ["its node's network", pod({ hostNetwork: true }), 'host-network'],
    ["its node's files", pod({ volumes: [{ hostPath: {} }] }), 'host-files'],
    ['a Secret as files', pod({ volumes: [{ secret: {} }] }), 'secrets'],
    [
      'a Secret among other files',
      pod({ volumes: [{ projected: { sources: [{}, { secret: {} }] } }] }),
      'secrets',
    ],
    [
      'a Secret in a variable',
      withContainer({ env: [{ valueFrom: { secretKeyRef: {} } }] }),
      'secrets',
    ],
    [
      'a Secret in all variables',
      withContainer({ envFrom: [{ secretRef: {} }] }),
      'secrets',
    ],
  ])('is %s', (_, special, trait) => {
    expect(traitsOf(special)).toEqual([trait]);
  });

  it('is not the token that every pod gets', () => {
    expect(
      traitsOf(pod({ volumes: [{ projected: { sources: [{}] } }] })),
    ).toEqual([]);
  });

  it('names the gravest first', () => {
    const everything = pod({
      hostPID: true,
      hostNetwork: true,
      securityContext: { runAsUser: 0 },
      volumes: [{ secret: {} }, { hostPath: {} }],
      containers: [{ name: 'app', securityContext: { privileged: true } }],
    });

    expect(traitsOf(everything)).toEqual([
      'privileged',
      'host-processes',
      'host-network',
      'host-files',
      'root',
      'secrets',
    ]);
  });

  it('survives a pod of which next to nothing is known', () => {
    expect(traitsOf({ metadata: { name: 'new' } })).toEqual([]);
  });
});

describe('as whom a container runs', () => {
  const root = (special: Pod) =>
    traitsOf(special).find(trait => trait.startsWith('root'));

  it('is what the kubelet saw, whatever the pod says', () => {
    expect(root(pod({}, seenAs(0)))).toBe('root');
    expect(root(pod({ securityContext: {} }, seenAs(65532)))).toBeUndefined();
  });

  it("is what the container says before the pod's word", () => {
    expect(root(withContainer({ securityContext: { runAsUser: 0 } }))).toBe(
      'root',
    );
    expect(
      root(
        pod({
          securityContext: { runAsUser: 0 },
          containers: [{ name: 'app', securityContext: { runAsUser: 1 } }],
        }),
      ),
    ).toBeUndefined();
  });

  it('is not root where that is ruled out', () => {
    expect(
      root(pod({ securityContext: { runAsNonRoot: true } })),
    ).toBeUndefined();
  });

  it('is up to the image where nothing is said', () => {
    expect(root(pod({ securityContext: {} }))).toBe('root-by-image');
  });

  it('is root if one of them is', () => {
    const mixed = pod({
      securityContext: {},
      containers: [
        { name: 'app', securityContext: { runAsUser: 0 } },
        { name: 'sidecar' },
      ],
    });

    expect(traitsOf(mixed)).toEqual(['root']);
  });
});

describe('what is special about several pods', () => {
  it('is named once, the gravest first', () => {
    expect(
      unionOfTraits([
        { traits: ['secrets'] },
        {},
        { traits: ['host-network', 'secrets'] },
      ]),
    ).toEqual(['host-network', 'secrets']);
  });
});
