import { generateKeyPairSync, sign } from 'node:crypto';
import { authServiceFactory } from '@backstage/backend-defaults/auth';
import { httpAuthServiceFactory } from '@backstage/backend-defaults/httpAuth';
import type { ExtendedHttpServer } from '@backstage/backend-defaults/rootHttpRouter';
import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import type { TestBackend } from '@backstage/backend-test-utils';
import { startTestBackend } from '@backstage/backend-test-utils';
import { Router } from 'express';
import request from 'supertest';
import { operations } from '../../api/operations';
import { backendFeatures } from '../../testUtils/backendFeatures';

const BASE_PATH = '/api/kubernetes-access';
const SERVICE_TOKEN = 'a-static-token-of-a-service';
const KEY_ID = 'key-1';

const signIn = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const BODIES: Record<string, object> = {
  CreateAccessRequest: {
    entityRef: 'component:default/payments-api',
    accessLevel: 'exec',
    reason: 'The queue is stuck since the last deploy.',
    durationSeconds: 1800,
  },
  Approval: { digest: 'sha256:0' },
  Denial: { digest: 'sha256:0', comment: 'No.' },
  End: {},
  OpenSession: {
    namespace: 'payments',
    pod: 'payments-api-1',
    container: 'api',
    columns: 80,
    rows: 24,
  },
};

/** What signs people in, as far as a back end asks it: for its keys. */
const signInPlugin = createBackendPlugin({
  pluginId: 'auth',
  register(env) {
    env.registerInit({
      deps: { httpRouter: coreServices.httpRouter },
      async init({ httpRouter }) {
        const router = Router();
        router.get('/.well-known/jwks.json', (_req, res) => {
          const key = signIn.publicKey.export({ format: 'jwk' });
          res.json({ keys: [{ ...key, alg: 'ES256', kid: KEY_ID }] });
        });
        httpRouter.use(router);
        httpRouter.addAuthPolicy({
          path: '/.well-known',
          allow: 'unauthenticated',
        });
      },
    });
  },
});

const now = () => Math.floor(Date.now() / 1000);
const base64 = (part: object) =>
  Buffer.from(JSON.stringify(part)).toString('base64url');

interface TokenOptions {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: typeof signIn;
}

/** A token as the sign-in issues them, unless told otherwise. */
function token({ claims, header, key = signIn }: TokenOptions = {}): string {
  const text = [
    base64({ typ: 'vnd.backstage.user', alg: 'ES256', kid: KEY_ID, ...header }),
    base64({
      sub: 'user:default/ada',
      iat: now() - 60,
      exp: now() + 3600,
      ...claims,
    }),
  ].join('.');
  const signature = sign('sha256', Buffer.from(text), {
    key: key.privateKey,
    dsaEncoding: 'ieee-p1363',
  });
  return `${text}.${signature.toString('base64url')}`;
}

const bearer = (text: string) => ({ Authorization: `Bearer ${text}` });

/** Changes the claims of a token without signing it again. */
function forged(): string {
  const [header, , signature] = token().split('.');
  const claims = base64({
    sub: 'user:default/pia',
    iat: now() - 60,
    exp: now() + 3600,
  });
  return [header, claims, signature].join('.');
}

const WRONG: Array<[string, () => Record<string, string>, number]> = [
  ['no token', () => ({}), 401],
  ['an empty token', () => ({ Authorization: 'Bearer ' }), 401],
  ['garbage', () => bearer('garbage'), 401],
  ['another scheme', () => ({ Authorization: `Basic ${token()}` }), 401],
  [
    'an expired token',
    () => bearer(token({ claims: { exp: now() - 1 } })),
    401,
  ],
  [
    'a token of no end',
    () => bearer(token({ claims: { exp: undefined } })),
    401,
  ],
  [
    'a token of nobody',
    () => bearer(token({ claims: { sub: undefined } })),
    401,
  ],
  [
    "a token with a stranger's signature",
    () => bearer(token({ key: stranger })),
    401,
  ],
  ['a token with changed claims', () => bearer(forged()), 401],
  [
    'a token without a signature',
    () =>
      bearer(
        `${token({ header: { alg: 'none' } })
          .split('.')
          .slice(0, 2)
          .join('.')}.`,
      ),
    401,
  ],
  [
    'a limited token',
    () => bearer(token({ header: { typ: 'vnd.backstage.limited-user' } })),
    401,
  ],
  [
    'the cookie of a limited token',
    () => ({
      Cookie: `backstage-auth=${token({
        header: { typ: 'vnd.backstage.limited-user' },
      })}`,
    }),
    401,
  ],
  ["a service's token", () => bearer(SERVICE_TOKEN), 403],
  [
    "a group's token",
    () => bearer(token({ claims: { sub: 'group:default/payments' } })),
    403,
  ],
];

describe.each([
  ['as Backstage checks who comes', {}],
  [
    'where Backstage lets everybody come',
    { dangerouslyDisableDefaultAuthPolicy: true },
  ],
])('%s', (_policy, auth) => {
  let backend: TestBackend;
  let server: ExtendedHttpServer;

  beforeAll(async () => {
    backend = await startTestBackend({
      features: [
        ...backendFeatures({
          kubernetesAccess: {},
          database: { client: 'better-sqlite3', connection: ':memory:' },
          auth: {
            ...auth,
            externalAccess: [
              {
                type: 'static',
                options: { token: SERVICE_TOKEN, subject: 'a-service' },
              },
            ],
          },
        }),
        authServiceFactory,
        httpAuthServiceFactory,
        signInPlugin,
      ],
    });
    server = backend.server;
  });

  afterAll(async () => {
    await backend.stop();
  });

  describe.each(operations)('$operationId', ({ method, path, bodyRef }) => {
    const send = (headers: Record<string, string>) => {
      const filled = path
        .replace('{id}', '01kf0000000000000000000000')
        .replace('{kind}/{namespace}/{name}', 'component/default/payments-api');
      const query =
        filled === '/requests' && method === 'GET' ? '?scope=mine' : '';
      const call = request(server)
        [method.toLowerCase() as 'get' | 'post'](BASE_PATH + filled + query)
        .set(headers);
      return bodyRef ? call.send(BODIES[bodyRef.split('/').at(-1)!]) : call;
    };

    it('lets in whoever signed in', async () => {
      const { status, body } = await send(bearer(token()));
      expect([200, 400, 404]).toContain(status);
      expect(body.error?.message ?? '').not.toMatch(/request\/body/);
    });

    it.each(WRONG)('refuses %s', async (_, headers, status) => {
      const response = await send(headers());
      expect(response.status).toBe(status);
      expect(response.body.error.message).not.toMatch(/eyJ|static-token/);
    });
  });
});
