import type { AccessRequestResource } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { ObjectMeta } from '../kubernetes/types';
import { aStoredRequest } from '../testUtils/stored';
import { buildResource } from './buildResource';
import { judgeResource } from './judgeResource';

const INSTALLATION = 'installation-1';
const recorded = aStoredRequest({
  observed: { resourceUid: 'uid-1', removal: { state: 'none' } },
});
const unrecorded = {
  ...recorded,
  observed: { removal: { state: 'none' as const } },
};

function resource(
  metadata: Partial<ObjectMeta> = {},
  spec: Partial<AccessRequestResource['spec']> = {},
): AccessRequestResource {
  const built = buildResource(recorded, INSTALLATION);
  return {
    ...built,
    metadata: { ...built.metadata, uid: 'uid-1', ...metadata },
    spec: { ...built.spec, ...spec },
  };
}

describe('judgeResource', () => {
  it.each([
    ['nothing there yet', unrecorded, undefined, 'absent'],
    ['just made by us', unrecorded, resource(), 'unrecorded'],
    [
      'under our name before we made it',
      unrecorded,
      resource({}, { reason: 'because I say so' }),
      'foreign',
    ],
    [
      'made by another installation',
      unrecorded,
      resource({ labels: { 'kubernetes-access.io/installation': 'other' } }),
      'foreign',
    ],
    ['as it has to be', recorded, resource(), 'sound'],
    [
      'with labels of other people beside ours',
      recorded,
      resource({
        labels: { ...resource().metadata.labels, 'argocd/instance': 'x' },
      }),
      'sound',
    ],
    ['gone', recorded, undefined, 'gone'],
    [
      'being deleted',
      recorded,
      resource({ deletionTimestamp: '2026-01-15T12:00:00Z' }),
      'deleting',
    ],
    ['of another UID', recorded, resource({ uid: 'uid-2' }), 'replaced'],
    [
      'asking for another namespace',
      recorded,
      resource(
        {},
        { targets: [{ namespace: 'kube-system', podSelector: 'a=b' }] },
      ),
      'changed',
    ],
    [
      'asking for longer',
      recorded,
      resource({}, { duration: '86400s' }),
      'changed',
    ],
    [
      'of another digest',
      recorded,
      resource({}, { digest: 'sha256:0' }),
      'changed',
    ],
    [
      'without its finalizer',
      recorded,
      resource({ finalizers: [] }),
      'blurred',
    ],
    ['without its labels', recorded, resource({ labels: {} }), 'blurred'],
    [
      'annotated as that of somebody else',
      recorded,
      resource({
        annotations: { 'kubernetes-access.io/requester': 'user:default/eve' },
      }),
      'blurred',
    ],
    [
      'owned by something that may be deleted',
      recorded,
      resource({
        ownerReferences: [
          { apiVersion: 'v1', kind: 'Node', name: 'node-1', uid: 'uid-3' },
        ],
      }),
      'blurred',
    ],
  ] as const)('a resource that is %s', (_, request, actual, standing) => {
    expect(judgeResource(request, actual, INSTALLATION)).toBe(standing);
  });
});
