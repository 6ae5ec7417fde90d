import { AuthResolverContext } from '@backstage/plugin-auth-node';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import authPlugin from '@backstage/plugin-auth-backend';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import request from 'supertest';
import { readDemoPerson, signInAsDemoPerson } from './authenticator';
import { demoSignInModule } from './module';
import { refuseOutsideDevelopment } from './refuseOutsideDevelopment';

const nodeEnv = process.env.NODE_ENV;

const setNodeEnv = (value: string | undefined) =>
  Object.assign(process.env, { NODE_ENV: value });

const catalogOfAda = catalogServiceMock.factory({
  entities: [
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'User',
      metadata: { name: 'ada', namespace: 'default' },
      spec: { memberOf: ['storefront'] },
    },
  ],
});

const startBackend = () =>
  startTestBackend({
    features: [
      authPlugin,
      demoSignInModule,
      catalogOfAda,
      mockServices.rootConfig.factory({
        data: {
          app: { baseUrl: 'http://localhost:7007' },
          backend: { baseUrl: 'http://localhost:7007' },
          auth: { environment: 'test', providers: { demo: { test: {} } } },
        },
      }),
    ],
  });

describe("the demo's sign-in", () => {
  afterEach(() => setNodeEnv(nodeEnv));

  it('stops the back end from starting in production', async () => {
    setNodeEnv('production');
    await expect(startBackend()).rejects.toThrow(/exists only where NODE_ENV/);
  });

  it.each(['production', 'test', '', undefined])(
    "does not exist where NODE_ENV is '%s'",
    value => {
      expect(() => refuseOutsideDevelopment(value)).toThrow(
        /Remove the demoSignIn module/,
      );
    },
  );

  it('exists in development', () => {
    expect(() => refuseOutsideDevelopment('development')).not.toThrow();
  });

  it('signs in as the catalog user that the header names', async () => {
    setNodeEnv('development');
    const { server } = await startBackend();

    const response = await request(server)
      .get('/api/auth/demo/refresh')
      .set('x-demo-person', 'ada')
      .set('x-requested-with', 'XMLHttpRequest');

    expect(response.status).toBe(200);
    expect(response.body.backstageIdentity.identity.userEntityRef).toBe(
      'user:default/ada',
    );
  });

  it('signs nobody in who is not in the catalog', async () => {
    setNodeEnv('development');
    const { server } = await startBackend();

    const response = await request(server)
      .get('/api/auth/demo/refresh')
      .set('x-demo-person', 'mallory')
      .set('x-requested-with', 'XMLHttpRequest');

    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.body.backstageIdentity).toBeUndefined();
  });

  it('says which header is missing', () => {
    expect(() => readDemoPerson(undefined)).toThrow(/x-demo-person/);
  });

  it.each(['ada olga', 'user:default/ada', '../ada', ''])(
    "refuses '%s', which is no name of a catalog user",
    header => {
      expect(() => readDemoPerson(header)).toThrow(/x-demo-person/);
    },
  );

  it('asks the catalog for a user of the default namespace', async () => {
    const asked: unknown[] = [];
    const context: Pick<AuthResolverContext, 'signInWithCatalogUser'> = {
      async signInWithCatalogUser(query) {
        asked.push(query);
        return { token: 'token' };
      },
    };

    await signInAsDemoPerson(
      { profile: {}, result: readDemoPerson('Ada') },
      context as AuthResolverContext,
    );

    expect(asked).toEqual([
      { entityRef: { kind: 'User', namespace: 'default', name: 'ada' } },
    ]);
  });
});
