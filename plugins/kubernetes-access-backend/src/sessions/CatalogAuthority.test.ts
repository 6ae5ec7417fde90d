import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { readKubernetesAccessOptions } from '../config';
import type { StoredRequest } from '../database/types';
import type { ClusterConnection, Clusters } from '../kubernetes';
import { namespacePath } from '../kubernetes';
import { aComponent, demoCatalog } from '../testUtils/catalog';
import { FakeKubeClient } from '../testUtils/FakeKubeClient';
import { ManualClock } from '../testUtils/ManualClock';
import { aStoredRequest } from '../testUtils/stored';
import { createAuthority } from '../wiring/createAuthority';
import type { SessionAuthority } from './types';

const ADA = 'user:default/ada';

describe('CatalogAuthority', () => {
  let clock: ManualClock;
  let client: FakeKubeClient;
  let entities: Entity[];
  let isReady: boolean;
  let isPermitted: boolean;
  let lookUps: string[];
  let catalogQuestions: number;
  let permissionQuestions: number;
  let authority: SessionAuthority;
  const request: StoredRequest = aStoredRequest({
    requester: ADA,
    approvers: {
      owners: ['group:default/payments'],
      users: ['user:default/olga'],
    },
  });

  beforeEach(() => {
    clock = new ManualClock();
    client = new FakeKubeClient();
    entities = demoCatalog();
    isReady = true;
    isPermitted = true;
    lookUps = [];
    catalogQuestions = 0;
    permissionQuestions = 0;
    openNamespaceTo('group:default/payments');
    const catalog = catalogServiceMock.mock({
      getEntitiesByRefs: async refs => {
        lookUps.push(...refs.entityRefs);
        catalogQuestions += 1;
        return catalogServiceMock({ entities }).getEntitiesByRefs(refs);
      },
    });
    authority = createAuthority({
      auth: mockServices.auth(),
      catalog,
      permissions: mockServices.permissions.mock({
        authorize: async questions => {
          permissionQuestions += 1;
          return questions.map(() => ({
            result: isPermitted ? AuthorizeResult.ALLOW : AuthorizeResult.DENY,
          }));
        },
      }),
      clusters: clusters(),
      options: readKubernetesAccessOptions(mockServices.rootConfig()),
      clock,
    });
  });

  function openNamespaceTo(owners: string | undefined): void {
    client.put('/api/v1/namespaces', {
      metadata: {
        name: 'payments',
        annotations: owners ? { 'kubernetes-access.io/owners': owners } : {},
      },
    });
  }

  function clusters(): Clusters {
    const connection = {
      name: request.clusterName,
      title: 'Demo',
      uid: request.terms.clusterUid,
      client,
    } as unknown as ClusterConnection;
    return {
      health: () => [
        {
          name: connection.name,
          title: 'Demo',
          state: isReady ? 'ready' : 'unreachable',
        },
      ],
      byName: () => connection,
      byUid: () => connection,
      suspend: () => {},
      onReady: () => () => {},
      start: () => {},
      stop: async () => {},
    };
  }

  const caller = {
    userRef: ADA,
    ownershipRefs: [ADA],
    credentials: mockCredentials.user(ADA),
  };

  const judge = () =>
    authority.judge(
      { user: ADA, userInCatalog: true, request, caller },
      { fresh: true },
    );

  it('says nothing against whoever has everything', async () => {
    expect(await judge()).toBeUndefined();
  });

  it('refuses when the namespace does not name the owner any more', async () => {
    openNamespaceTo(undefined);
    expect(await judge()).toMatchObject({
      reason: 'consent-gone',
      message: expect.stringContaining('payments'),
    });
  });

  it('refuses when the namespace is gone', async () => {
    client.objects.delete(namespacePath('payments'));
    expect(await judge()).toMatchObject({ reason: 'consent-gone' });
  });

  it('refuses when the entity has another owner, even one to whom the namespace opens', async () => {
    openNamespaceTo('group:default/payments, group:default/storefront');
    entities = [
      ...demoCatalog().filter(
        ({ metadata }) => metadata.name !== 'payments-api',
      ),
      aComponent('payments-api', 'payments', 'storefront'),
    ];
    expect(await judge()).toMatchObject({
      reason: 'consent-gone',
      message: expect.stringContaining('other owners'),
    });
  });

  it('refuses when the entity is gone', async () => {
    entities = entities.filter(
      ({ metadata }) => metadata.name !== 'payments-api',
    );
    expect(await judge()).toMatchObject({ reason: 'consent-gone' });
  });

  it('refuses when the user is gone who was in the catalog', async () => {
    entities = entities.filter(({ metadata }) => metadata.name !== 'ada');
    expect(await judge()).toMatchObject({ reason: 'user-gone' });
    expect(
      await authority.judge({
        user: ADA,
        userInCatalog: false,
        request,
        caller,
      }),
    ).toBeUndefined();
  });

  it('refuses when the permission framework says no', async () => {
    isPermitted = false;
    expect(await judge()).toMatchObject({ reason: 'not-permitted' });
  });

  it('cannot tell while the cluster is away', async () => {
    isReady = false;
    await expect(judge()).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
    });
  });

  it('asks once for all sessions of a request that ask at about the same time', async () => {
    const question = { user: ADA, userInCatalog: true, request, caller };
    await Promise.all(
      Array.from({ length: 200 }, () => authority.judge(question)),
    );
    expect(lookUps.sort()).toEqual(['component:default/payments-api', ADA]);
    await clock.advance(10_000);
    await authority.judge(question);
    expect(lookUps).toHaveLength(4);
  });

  it('asks the catalog for user and entity in one question', async () => {
    await judge();
    expect(catalogQuestions).toBe(1);
  });

  it('does not ask the framework again what it said while the same call of the API is answered', async () => {
    const answers = new Map<string, Promise<boolean>>();
    const question = { user: ADA, request, caller: { ...caller, answers } };
    await authority.judge(question, { fresh: true });
    await authority.judge(question, { fresh: true });
    expect(permissionQuestions).toBe(1);
  });

  it('asks the framework each time for an open session, which is no call of the API', async () => {
    await judge();
    isPermitted = false;
    expect(await judge()).toMatchObject({ reason: 'not-permitted' });
    expect(
      (await authority.identify(mockCredentials.user.token(ADA))).answers,
    ).toBeUndefined();
  });

  it('does not keep a failure', async () => {
    isReady = false;
    await expect(authority.judge({ user: ADA, request })).rejects.toThrow();
    isReady = true;
    expect(await authority.judge({ user: ADA, request })).toBeUndefined();
  });

  it('knows a user by a token', async () => {
    expect(
      await authority.identify(mockCredentials.user.token(ADA)),
    ).toMatchObject({ userRef: ADA, ownershipRefs: [ADA] });
  });

  it.each([
    ['a service', () => mockCredentials.service.token()],
    ['garbage', () => 'garbage'],
    [
      'a name that is no user',
      () => mockCredentials.user.token('group:default/payments'),
    ],
  ])('knows nobody by the token of %s', async (_, token) => {
    await expect(authority.identify(token())).rejects.toThrow();
  });
});
