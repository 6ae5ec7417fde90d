import { summarizePod } from './summarizePod';
import type { Pod } from './types';

type ContainerStatus = NonNullable<
  NonNullable<Pod['status']>['containerStatuses']
>[number];

function pod(changes: Partial<Pod> = {}): Pod {
  return {
    metadata: {
      name: 'api-7d9f',
      namespace: 'payments',
      uid: 'uid-1',
      creationTimestamp: '2026-01-15T12:00:00Z',
    },
    spec: {
      securityContext: { runAsNonRoot: true },
      containers: [{ name: 'app' }],
    },
    status: {
      phase: 'Running',
      containerStatuses: [
        {
          name: 'app',
          ready: true,
          restartCount: 2,
          state: { running: { startedAt: '2026-01-15T12:00:01Z' } },
        },
      ],
    },
    ...changes,
  };
}

function containerIn(state: ContainerStatus['state']) {
  const containerStatuses = [
    { name: 'app', ready: false, restartCount: 0, state },
  ];
  return summarizePod(pod({ status: { phase: 'Running', containerStatuses } }))
    .containers[0].state;
}

describe('summarizePod', () => {
  it('says what people choose a pod by', () => {
    expect(summarizePod(pod())).toEqual({
      namespace: 'payments',
      name: 'api-7d9f',
      uid: 'uid-1',
      phase: 'Running',
      createdAt: '2026-01-15T12:00:00Z',
      containers: [{ name: 'app', state: 'running', ready: true, restarts: 2 }],
    });
  });

  it('calls a pod that is being deleted Terminating, whatever its phase says', () => {
    const { metadata } = pod();

    const summary = summarizePod(
      pod({
        metadata: { ...metadata, deletionTimestamp: '2026-01-15T13:00:00Z' },
      }),
    );

    expect(summary.phase).toBe('Terminating');
  });

  it('says why a container does not run', () => {
    expect(containerIn({ waiting: { reason: 'CrashLoopBackOff' } })).toBe(
      'CrashLoopBackOff',
    );
    expect(containerIn({ terminated: { reason: 'Completed' } })).toBe(
      'Completed',
    );
    expect(containerIn({ waiting: {} })).toBe('waiting');
    expect(containerIn({})).toBe('waiting');
    expect(containerIn(undefined)).toBe('waiting');
  });

  it('lists containers in the order of the spec, also those that nothing is known of yet', () => {
    const summary = summarizePod(
      pod({
        spec: { containers: [{ name: 'sidecar' }, { name: 'app' }] },
      }),
    );

    expect(summary.containers).toEqual([
      { name: 'sidecar', state: 'waiting', ready: false, restarts: 0 },
      { name: 'app', state: 'running', ready: true, restarts: 2 },
    ]);
  });

  it('tells what is special about it', () => {
    const summary = summarizePod(
      pod({ spec: { hostNetwork: true, containers: [] } }),
    );

    expect(summary.traits).toEqual(['host-network']);
  });

  it('survives a pod of which next to nothing is known', () => {
    expect(summarizePod({ metadata: { name: 'new' } })).toEqual({
      namespace: '',
      name: 'new',
      uid: '',
      phase: 'Unknown',
      createdAt: undefined,
      containers: [],
    });
  });
});
