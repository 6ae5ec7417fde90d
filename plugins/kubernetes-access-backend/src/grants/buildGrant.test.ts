import fc from 'fast-check';
import { aStoredRequest } from '../testUtils/stored';
import { buildGrant, rulesFor } from './buildGrant';
import { grantName, slugOf } from './names';

const UID = '0f9d3a52-1111-4222-8333-444455556666';

function grantFor(podNames: Record<string, string[]>) {
  const request = aStoredRequest({
    id: '01kf0000000000000000000001',
    resourceName: 'ar-01kf0000000000000000000001',
    terms: {
      targets: Object.keys(podNames).map(namespace => ({
        namespace,
        podSelector: 'app=api',
      })),
    },
  });
  return buildGrant({
    request,
    resourceUid: UID,
    podNames: new Map(Object.entries(podNames)),
    grantNamespace: 'kubernetes-access-grants',
    installationId: 'installation-1',
  });
}

describe('buildGrant', () => {
  it('names the requester, the request and the resource in every object', () => {
    const grant = grantFor({ payments: ['api-1'] });
    expect(grant.name).toBe(
      'kubernetes-access-ada-01kf0000000000000000000001-0f9d3a52',
    );
    expect(grant.serviceAccount.metadata).toMatchObject({
      name: grant.name,
      namespace: 'kubernetes-access-grants',
      labels: {
        'app.kubernetes.io/managed-by': 'kubernetes-access',
        'kubernetes-access.io/installation': 'installation-1',
        'kubernetes-access.io/request': '01kf0000000000000000000001',
      },
      annotations: {
        'kubernetes-access.io/requester': 'user:default/ada',
        'kubernetes-access.io/request-uid': UID,
      },
      ownerReferences: [
        {
          kind: 'AccessRequest',
          name: 'ar-01kf0000000000000000000001',
          uid: UID,
        },
      ],
    });
  });

  it('lets the ServiceAccount exec into, see and read the logs of exactly the named pods', () => {
    const [{ role, roleBinding }] = grantFor({
      payments: ['api-2', 'api-1'],
    }).namespaces;
    expect(role.rules).toEqual([
      {
        apiGroups: [''],
        resources: ['pods/exec'],
        resourceNames: ['api-1', 'api-2'],
        verbs: ['get', 'create'],
      },
      {
        apiGroups: [''],
        resources: ['pods', 'pods/log'],
        resourceNames: ['api-1', 'api-2'],
        verbs: ['get'],
      },
    ]);
    expect(roleBinding.roleRef.name).toBe(role.metadata.name);
    expect(roleBinding.subjects).toEqual([
      {
        kind: 'ServiceAccount',
        name: role.metadata.name,
        namespace: 'kubernetes-access-grants',
      },
    ]);
  });

  it('makes one Role and one RoleBinding in each target namespace', () => {
    const grant = grantFor({ payments: ['api-1'], billing: ['bill-1'] });
    expect(grant.namespaces.map(part => part.namespace)).toEqual([
      'payments',
      'billing',
    ]);
    expect(grant.namespaces[1].role.rules?.[0].resourceNames).toEqual([
      'bill-1',
    ]);
  });

  it('grants nothing while no pod matches', () => {
    const [{ role }] = grantFor({ payments: [] }).namespaces;
    expect(role.rules).toEqual([]);
  });

  it('never emits a rule about everything, whatever the pods are called', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 })), names => {
        for (const rule of rulesFor(names)) {
          expect(rule.resourceNames).toEqual([...names].sort());
          expect(rule.resourceNames).not.toHaveLength(0);
        }
      }),
    );
  });
});

describe('grantName', () => {
  it('is a valid DNS name under our prefix for any user', () => {
    fc.assert(
      fc.property(fc.string(), name => {
        const grant = grantName(
          `user:default/${name}`,
          '01kf0000000000000000000001',
          UID,
        );
        expect(grant).toMatch(
          /^kubernetes-access-[a-z0-9]([-a-z0-9]*[a-z0-9])$/,
        );
        expect(grant.length).toBeLessThanOrEqual(80);
      }),
    );
  });

  it.each([
    ['user:default/ada', 'ada'],
    ['user:default/Ada.Lovelace', 'ada-lovelace'],
    ['user:default/a_very_long_name_of_somebody', 'a-very-long-name-of'],
    ['user:default/Ωμέγα', 'user'],
  ])('calls %s %s', (ref, slug) => {
    expect(slugOf(ref)).toBe(slug);
  });
});
