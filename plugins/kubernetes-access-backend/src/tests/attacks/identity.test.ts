import { mockCredentials } from '@backstage/backend-test-utils';
import type { OperationId } from '../../api/operations';
import { operations } from '../../api/operations';
import { REFUSED_ACTIONS } from '../../api/recordRefusals';
import type { Person } from '../../testUtils/TestApi';
import { anAsk, TestApi } from '../../testUtils/TestApi';

type Body = Record<string, unknown>;

/**
 * A call of every operation that would work for the right person. A route without an entry here does not compile,
 * and one that the document does not know fails below.
 */
const CALLS: Record<
  OperationId,
  { by: Person; body?: (digest: string) => Body }
> = {
  getEntityAccess: { by: 'ada' },
  listRequests: { by: 'ada' },
  getCounts: { by: 'ada' },
  listLiveSessions: { by: 'ada' },
  listClusters: { by: 'pia' },
  getRequest: { by: 'ada' },
  createRequest: {
    by: 'sam',
    body: () => ({ ...anAsk() }),
  },
  reviewRequest: { by: 'olga' },
  approveRequest: { by: 'olga', body: digest => ({ digest }) },
  denyRequest: { by: 'olga', body: digest => ({ digest, comment: 'No.' }) },
  cancelRequest: { by: 'ada', body: () => ({}) },
  revokeRequest: { by: 'pia', body: () => ({}) },
  listPods: { by: 'ada' },
  readRecording: { by: 'ada' },
  verifyAudit: { by: 'kim' },
  exportAuditEvents: { by: 'kim' },
  exportAuditSegments: { by: 'kim' },
  openSession: {
    by: 'ada',
    body: () => ({
      namespace: 'payments',
      pod: 'payments-api-1',
      container: 'api',
      columns: 80,
      rows: 24,
    }),
  },
};

const USER = 'user:default/olga';
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const expired =
  'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c2VyOmRlZmF1bHQvb2xnYSIsImV4cCI6MX0.c2ln';

/** Credentials that open nothing, and the status that says so. */
const NOBODIES: Array<[string, Record<string, string>, number]> = [
  ['no token', { Authorization: mockCredentials.none.header() }, 401],
  ['a garbage token', bearer('garbage'), 401],
  ['an expired token', bearer(expired), 401],
  ['an unsigned token', bearer('eyJhbGciOiJub25lIn0.e30.'), 401],
  ["a user's invalid token", bearer(mockCredentials.user.invalidToken()), 401],
  ["a service's token", bearer(mockCredentials.service.token()), 403],
  [
    "a service's invalid token",
    bearer(mockCredentials.service.invalidToken()),
    401,
  ],
  [
    "the cookie of a user's limited token",
    {
      Authorization: mockCredentials.none.header(),
      Cookie: mockCredentials.limitedUser.cookie(USER),
    },
    401,
  ],
  [
    "a user's limited token",
    bearer(mockCredentials.limitedUser.token(USER)),
    401,
  ],
  ["a group's name", userNamed('group:default/payments'), 403],
  ["a component's name", userNamed('component:default/payments-api'), 403],
  ['a name with a space behind it', userNamed('user:default/olga '), 403],
  ['a name with letters that look alike', userNamed('user:default/оlga'), 403],
  ['a name in wide letters', userNamed('user:default/ｏlga'), 403],
  [
    'a letter that lower case makes another',
    userNamed('user:default/\u212Aim'),
    403,
  ],
  ['a name in two parts', userNamed('user:default/olga/x'), 403],
];

/** As a sign-in of that name would look; JSON in ASCII, because headers are. */
function userNamed(sub: string): Record<string, string> {
  return bearer(
    `mock-user-token:${JSON.stringify({ sub: 'SUB' }).replace(
      'SUB',
      escaped(sub).replace(/ /g, '\\u0020'),
    )}`,
  );
}

function escaped(text: string): string {
  return text.replace(
    /[^ -~]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Fields by which one could hope to act as somebody else, or to be somebody's choice. */
const PERSONS = [
  'requester',
  'user',
  'userRef',
  'actor',
  'approver',
  'approvers',
  'onBehalfOf',
  'impersonate',
  'owner',
  'sub',
  '__proto__',
  'constructor',
];

describe('whoever calls', () => {
  let api: TestApi;
  let asked: { id: string; digest: string };

  beforeAll(async () => {
    api = await TestApi.start();
    asked = await api.ask();
  });

  afterAll(async () => {
    await api.stop();
  });

  const call = (
    operationId: OperationId,
    headers: Record<string, string>,
    extra: string = '',
  ) => {
    const { method, path } = operations.find(
      one => one.operationId === operationId,
    )!;
    const body = CALLS[operationId]?.body?.(asked.digest);
    return api.call(method, pathOf(method, path, asked.id), {
      headers: { 'Content-Type': 'application/json', ...headers },
      body: body && (extra ? withField(body, extra) : body),
    });
  };

  it('finds every route of the document in the table of these tests', () => {
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual(
      Object.keys(CALLS).sort(),
    );
  });

  describe.each(operations.map(({ operationId }) => operationId))(
    'with %s',
    operationId => {
      it.each(NOBODIES)('gets nowhere with %s', async (_, headers, status) => {
        const response = await call(operationId, headers);
        expect(response.status).toBe(status);
        expect(response.body.error.message).not.toMatch(/payments|olga/);
      });
    },
  );

  describe.each(
    operations
      .map(({ operationId }) => operationId)
      .filter(operationId => CALLS[operationId]?.body),
  )('with a body for %s', operationId => {
    it.each(PERSONS)('cannot name a person as %s', async field => {
      const { by } = CALLS[operationId];
      const response = await call(
        operationId,
        { Authorization: mockCredentials.user.header(`user:default/${by}`) },
        field,
      );
      expect(response.status).toBe(400);
      expect(response.body.error.message).toBe(
        `Unknown field '${field}'; known are ${fieldsOf(response)}`,
      );
    });
  });

  it('has changed nothing by all of that', async () => {
    const { body } = await api.get('ada', `/requests/${asked.id}`);
    expect(body).toMatchObject({ phase: 'Pending', decisions: [] });
    expect((await api.get('pia', '/requests?scope=all')).body.items).toEqual([
      expect.objectContaining({ id: asked.id }),
    ]);
  });

  it('leaves a trace, as whom they showed to be', async () => {
    await api.clock.advance(61_000);
    const events = [
      ...(await api.stores.audit.read('system')),
      ...(await api.stores.audit.read(asked.id)),
    ].filter(({ outcome }) => outcome === 'refused');
    expect(new Set(events.map(({ actor }) => actor))).toEqual(
      new Set([
        'unauthenticated',
        'service "external:test-service"',
        USER, // whose limited token it was
        ...NOBODIES.filter(([name]) => /name|letter/.test(name)).map(
          ([, headers]) => `unclear user "${escaped(subjectOf(headers))}"`,
        ),
      ]),
    );
    for (const action of Object.values(REFUSED_ACTIONS)) {
      expect(events).toContainEqual(
        expect.objectContaining({
          actor: 'unauthenticated',
          meta: expect.objectContaining({ action }),
        }),
      );
    }
  });

  it('does not decide when it is a service with the name of an owner', async () => {
    const onBehalf = {
      sub: 'user:default/olga',
      actor: { subject: 'plugin:helper' },
    };
    for (const verdict of ['approve', 'deny']) {
      const response = await api.call(
        'POST',
        `/requests/${asked.id}/${verdict}`,
        {
          headers: bearer(`mock-user-token:${JSON.stringify(onBehalf)}`),
          body: { digest: asked.digest, comment: 'Fine.' },
        },
      );
      expect(response.status).toBe(403);
      expect(response.body.error.message).toBe(
        'Only people decide, not services in their name. Decide on the page of the request.',
      );
    }
  });

  it('is one person however their name is written', async () => {
    const headers = userNamed('User:DEFAULT/Ada');
    const { body } = await api.call('GET', `/requests/${asked.id}`, {
      headers,
    });
    expect(body.actions).toMatchObject({ cancel: true, decide: false });
    const own = await api.call('POST', `/requests/${asked.id}/approve`, {
      headers,
      body: { digest: asked.digest },
    });
    expect(own.status).toBe(403);
    expect(own.body.error.message).toBe('Nobody decides on their own request.');
    const second = await api.call('POST', '/requests', {
      headers,
      body: anAsk({ entityRef: 'Component:Default/Payments-API' }),
    });
    expect(second.status).toBe(409);
  });
});

function pathOf(method: string, path: string, id: string): string {
  const filled = path
    .replace('{id}', id)
    .replace('{session}', id)
    .replace('{kind}/{namespace}/{name}', 'component/default/payments-api');
  return method === 'GET' && filled === '/requests'
    ? '/requests?scope=mine'
    : filled;
}

/** Assigning would change the prototype instead of adding the field. */
function withField(body: Body, field: string): Body {
  return JSON.parse(
    JSON.stringify(body).replace(
      /\{/,
      `{"${field}":"user:default/olga"${Object.keys(body).length ? ',' : ''}`,
    ),
  );
}

function fieldsOf({ body }: { body: { error: { message: string } } }): string {
  return body.error.message.split('known are ')[1];
}

function subjectOf({ Authorization }: Record<string, string>): string {
  return JSON.parse(Authorization.slice('Bearer mock-user-token:'.length)).sub;
}
