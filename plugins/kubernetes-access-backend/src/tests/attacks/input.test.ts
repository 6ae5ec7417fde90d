import { mockCredentials } from '@backstage/backend-test-utils';
import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { anAsk, TestApi } from '../../testUtils/TestApi';

/** What is sent as it stands, because a client library would put it right. */
interface Raw {
  type?: string;
  encoding?: string;
  text: string;
}

const ADA = mockCredentials.user.header('user:default/ada');
const json = (text: string): Raw => ({ type: 'application/json', text });
const asking = (fields: object) =>
  json(JSON.stringify({ ...anAsk(), ...fields }));
const askingRaw = (from: string, to: string) =>
  json(JSON.stringify(anAsk()).replace(from, to));
const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('bad input', () => {
  let api: TestApi;
  let asked: AccessRequestDetail;

  beforeAll(async () => {
    api = await TestApi.start();
    asked = await api.ask();
    await api.approve('olga', asked);
    await api.grant(asked.id);
  });

  afterAll(async () => {
    await api.stop();
  });

  const send = (method: string, path: string, raw?: Raw) => {
    const call = api.call(method, path, { headers: { Authorization: ADA } });
    if (!raw) {
      return call;
    }
    if (raw.type) {
      call.set('Content-Type', raw.type);
    }
    if (raw.encoding) {
      call.set('Content-Encoding', raw.encoding);
    }
    // Bytes, so that nothing is made of them on the way.
    return call.serialize(text => text as string).send(raw.text);
  };

  describe('as a body', () => {
    it.each<[string, Raw, RegExp]>([
      ['nothing', json(''), /required property|one object/],
      ['a word', json('requester'), /not valid JSON; it must be one object/],
      ['null', json('null'), /not valid JSON; it must be one object/],
      ['a number', json('1'), /not valid JSON; it must be one object/],
      ['a list', json('[]'), /must be object/],
      ['half an object', json('{"entityRef":'), /not valid JSON/],
      ['two objects', json('{}{}'), /not valid JSON/],
      [
        'a deep list',
        json(`{"entityRef":${deep(10_000)}}`),
        /entityRef|required/,
      ],
      ['a deep list by itself', json(deep(10_000)), /must be object/],
      [
        'more than is read',
        asking({ reason: 'x'.repeat(40_000) }),
        /too large; at most 32 KB/,
      ],
      [
        'a prototype',
        askingRaw('{', '{"__proto__":{"requester":"user:default/olga"},'),
        /Unknown field '__proto__'; known are entityRef/,
      ],
      [
        'a constructor',
        askingRaw('{', '{"constructor":{"prototype":{"isAdmin":true}},'),
        /Unknown field 'constructor'/,
      ],
      [
        'another type',
        { type: 'text/plain', text: JSON.stringify(anAsk()) },
        /Content-Type: application\/json/,
      ],
      [
        'a form',
        { type: 'application/x-www-form-urlencoded', text: 'entityRef=x' },
        /Content-Type: application\/json/,
      ],
      [
        'XML',
        { type: 'application/xml', text: '<!DOCTYPE a [<!ENTITY b "c">]><a/>' },
        /Content-Type: application\/json/,
      ],
      [
        'an encoding',
        { type: 'application/json', encoding: 'br', text: '{}' },
        /Content-Encoding/,
      ],
      [
        'what says that it is gzip',
        { type: 'application/json', encoding: 'gzip', text: '{}' },
        /cannot be read/,
      ],
      [
        'a charset',
        { type: 'application/json; charset=latin1', text: '{}' },
        /UTF-8/,
      ],
    ])('%s is refused with words', async (_, raw, message) => {
      const response = await send('POST', '/requests', raw);
      expect(response.body.error.message).toMatch(message);
      expect(response.status).toBe(400);
    });

    it.each<[string, Raw, RegExp]>([
      [
        'no end of time',
        askingRaw('1800', '1e999'),
        /durationSeconds must be integer/,
      ],
      ['not a number', askingRaw('1800', 'NaN'), /not valid JSON/],
      ['infinity', askingRaw('1800', 'Infinity'), /not valid JSON/],
      ['less than no time', asking({ durationSeconds: -600 }), />= 1/],
      ['no time', asking({ durationSeconds: 0 }), />= 1/],
      ['a fraction', asking({ durationSeconds: 600.5 }), /integer/],
      ['a text for a number', asking({ durationSeconds: '1800' }), /integer/],
      ['a list for a number', asking({ durationSeconds: [1800] }), /integer/],
      ['truth for a number', asking({ durationSeconds: true }), /integer/],
      ['years', asking({ durationSeconds: 2 ** 53 }), /from 600 to 28800/],
      [
        'a list for a text',
        asking({ reason: ['x'.repeat(20)] }),
        /reason must be string/,
      ],
      [
        'an object for a text',
        asking({ reason: { length: 20 } }),
        /reason must be string/,
      ],
      ['null for a text', asking({ reason: null }), /reason must be string/],
      [
        'a list for a ref',
        asking({ entityRef: ['component:default/payments-api'] }),
        /entityRef must be string/,
      ],
      ['a list for a level', asking({ accessLevel: ['exec'] }), /accessLevel/],
      ['another level', asking({ accessLevel: 'Exec' }), /accessLevel/],
      [
        'spaces for a reason',
        asking({ reason: ' '.repeat(20) }),
        /has 0 characters; it must have from 10/,
      ],
      [
        'colours in the reason',
        asking({ reason: 'Just \u001b[2J have a look' }),
        /control characters/,
      ],
      [
        'an end in the reason',
        asking({ reason: 'Just have a look\u0000' }),
        /control characters/,
      ],
      [
        'a turn in the reason',
        asking({ reason: 'Just have \u202e a look' }),
        /direction of writing/,
      ],
      [
        'a long reason',
        asking({ reason: 'x'.repeat(1001) }),
        /from 10 to 1000/,
      ],
      ['a longer reason', asking({ reason: 'x'.repeat(4001) }), /4000/],
      [
        'a ref with a line break',
        asking({ entityRef: 'component:default/a\nb' }),
        /is not an entity ref/,
      ],
      [
        'a ref with an end',
        asking({ entityRef: 'component:default/a\u0000' }),
        /is not an entity ref/,
      ],
      [
        'a ref that climbs',
        asking({ entityRef: 'component:default/../payments-api' }),
        /is not an entity ref/,
      ],
      [
        'a long ref',
        asking({ entityRef: `component:default/${'x'.repeat(500)}` }),
        /500/,
      ],
      [
        'another namespace',
        asking({ namespace: 'storefront' }),
        /it has them in demo\/payments/,
      ],
      [
        'an excluded namespace',
        asking({ namespace: 'kube-system' }),
        /it has them in demo\/payments/,
      ],
      [
        'a namespace that climbs',
        asking({ namespace: '../kube-system' }),
        /it has them in demo\/payments/,
      ],
      [
        'another cluster',
        asking({ cluster: 'prod' }),
        /it has them in demo\/payments/,
      ],
      [
        'a cluster in other letters',
        asking({ cluster: 'Demo' }),
        /it has them in demo\/payments/,
      ],
      [
        'a prototype for a cluster',
        asking({ cluster: '__proto__' }),
        /it has them in demo\/payments/,
      ],
      ['a long cluster', asking({ cluster: 'x'.repeat(254) }), /253/],
    ])('%s is refused with words', async (_, raw, message) => {
      const response = await send('POST', '/requests', raw);
      expect(response.body.error.message).toMatch(message);
      expect(response.status).toBe(400);
    });
  });

  describe('as a path', () => {
    it.each([
      ['%00', 404],
      ['.%00.', 404],
      ['%2e%2e%2fcounts', 404],
      ['%252e%252e%252fcounts', 404],
      ['..%5ccounts', 404],
      ['a%0aSet-Cookie:%20x', 404],
      ['%E2%80%AE', 404],
      ['%F0%9F%92%A9', 404],
      ['%E0%A4%A', 400],
      ['%ff', 400],
      ['%', 400],
      ['x'.repeat(100), 404],
      ['x'.repeat(101), 400],
      ['x'.repeat(7000), 400],
      ["'%20OR%20'1'='1", 404],
      ['__proto__', 404],
      ['constructor', 404],
    ])('an id %s does not exist', async (id, status) => {
      for (const [method, rest, body] of [
        ['GET', '', undefined],
        ['GET', '/pods', undefined],
        ['POST', '/cancel', json('{}')],
        ['POST', '/approve', json('{"digest":"x"}')],
      ] as const) {
        const response = await send(method, `/requests/${id}${rest}`, body);
        expect(response.status).toBe(status);
        expect(response.body.error.message).toEqual(expect.any(String));
      }
    });

    it.each([
      ['%00', 400],
      ['a%2fb', 400],
      ['%252f', 404],
      ['..%2f..', 400],
      ['a%0ab', 400],
      ['a%20', 400],
      ['%3a', 400],
      ['%E0%A4%A', 400],
      ['x'.repeat(253), 404],
      ['x'.repeat(254), 404],
      ['x'.repeat(301), 400],
      ['payments-api.', 404],
      ['pаyments-api', 404], // with a Cyrillic letter
    ])('an entity %s does not exist', async (name, status) => {
      const response = await send(
        'GET',
        `/entities/component/default/${encodeURI(name).replace(
          /%25/g,
          '%',
        )}/access`,
      );
      expect(response.status).toBe(status);
      expect(response.body.error.message).toEqual(expect.any(String));
    });

    it.each([
      ['PUT', '/requests'],
      ['DELETE', '/requests/ID'],
      ['PATCH', '/requests/ID'],
      ['POST', '/requests/ID'],
      ['GET', '/requests/ID/approve'],
      ['POST', '//requests'],
      ['POST', '/requests/ID/approve/x'],
      ['GET', '/sessions/ID/ws'],
    ])('%s %s is nothing', async (method, path) => {
      const response = await send(
        method,
        path.replace('ID', asked.id),
        method === 'GET' ? undefined : json('{}'),
      );
      expect(response.status).toBe(404);
    });

    it.each(['/REQUESTS', '/Requests/', '/requests/'])(
      '%s is held to the same rules as any other way to write it',
      async path => {
        const response = await send('POST', path, asking({ actor: 'x' }));
        expect(response.status).toBe(400);
        expect(response.body.error.message).toMatch(/Unknown field 'actor'/);
      },
    );
  });

  describe('as a query', () => {
    it.each([
      ['', /scope/],
      ['scope=everything', /scope/],
      ['scope=all&scope=mine', /scope must be string/],
      ['scope[]=all', /scope/],
      ['scope[__proto__]=all', /scope/],
      ['scope=all&limit=0', /limit/],
      ['scope=all&limit=101', /limit/],
      ['scope=all&limit=1e999', /limit/],
      ['scope=all&limit=-1', /limit/],
      ['scope=all&limit=1.5', /limit/],
      ['scope=all&limit=NaN', /limit/],
      ['scope=all&open=1', /open/],
      ['scope=all&cursor=x', /cursor/],
      [`scope=all&cursor=${'%27'.repeat(26)}`, /cursor/],
      ['scope=all&entityRef=', /entityRef/],
      ['scope=all&entityRef=a%00b', /not an entity ref/],
      ['scope=all&entityRef=component%3Adefault%2Fa%0Ab', /not an entity ref/],
      ['scope=all&user=user%3Adefault%2Folga', /user/],
      ['scope=all&requester=x', /requester/],
    ])('%s is refused with words', async (query, message) => {
      const response = await send('GET', `/requests?${query}`);
      expect(response.body.error.message).toMatch(message);
      expect(response.status).toBe(400);
    });
  });

  describe('as the place of a terminal', () => {
    const place = {
      namespace: 'payments',
      pod: 'payments-api-1',
      container: 'api',
      columns: 80,
      rows: 24,
    };

    it.each<[string, object, number, RegExp]>([
      [
        'another namespace',
        { namespace: 'storefront' },
        403,
        /not for the namespace storefront/,
      ],
      [
        'an excluded namespace',
        { namespace: 'kube-system' },
        403,
        /not for the namespace kube-system/,
      ],
      [
        'the namespace of grants',
        { namespace: 'kubernetes-access-grants' },
        403,
        /not for the namespace/,
      ],
      [
        'a namespace that climbs',
        { namespace: '../kube-system' },
        403,
        /not for the namespace/,
      ],
      [
        'a namespace in other letters',
        { namespace: 'Payments' },
        403,
        /not for the namespace/,
      ],
      ['another pod', { pod: 'payments-db-1' }, 403, /not one of the pods/],
      [
        'a pod that climbs',
        { pod: '../../default/pods/x' },
        403,
        /not one of the pods/,
      ],
      [
        'a pod with a sub-resource',
        { pod: 'payments-api-1/exec' },
        403,
        /not one of the pods/,
      ],
      [
        'a pod with a query',
        { pod: 'payments-api-1?x=y' },
        403,
        /not one of the pods/,
      ],
      [
        'a pod with another selector',
        { pod: 'payments-api-1,metadata.namespace=x' },
        403,
        /not one of the pods/,
      ],
      [
        'a pod in other letters',
        { pod: 'PAYMENTS-API-1' },
        403,
        /not one of the pods/,
      ],
      ['a pod with dots', { pod: '..' }, 403, /not one of the pods/],
      [
        'a pod with a line break',
        { pod: 'payments-api-1\n' },
        403,
        /not one of the pods/,
      ],
      [
        'a pod of 253 letters',
        { pod: 'x'.repeat(253) },
        403,
        /not one of the pods/,
      ],
      ['a pod of 254 letters', { pod: 'x'.repeat(254) }, 400, /253/],
      ['no pod', { pod: '' }, 400, /pod/],
      [
        'a list of pods',
        { pod: ['payments-api-1'] },
        400,
        /pod must be string/,
      ],
      [
        'another container',
        { container: 'sidecar' },
        403,
        /has no container sidecar/,
      ],
      [
        'an init container',
        { container: 'init' },
        403,
        /has no container init/,
      ],
      [
        'an ephemeral container',
        { container: 'debugger' },
        403,
        /has no container debugger/,
      ],
      [
        'a container of the prototype',
        { container: '__proto__' },
        403,
        /has no container/,
      ],
      ['a container of 64 letters', { container: 'x'.repeat(64) }, 400, /63/],
      [
        'a command',
        { command: ['cat', '/etc/passwd'] },
        400,
        /Unknown field 'command'/,
      ],
      ['no width', { columns: 0 }, 400, /columns/],
      ['an endless width', { columns: 1e9 }, 400, /columns/],
      ['a width in words', { columns: '80' }, 400, /columns/],
    ])('%s is refused with words', async (_, wrong, status, message) => {
      const response = await send(
        'POST',
        `/requests/${asked.id}/sessions`,
        json(JSON.stringify({ ...place, ...wrong })),
      );
      expect(response.body.error.message).toMatch(message);
      expect(response.status).toBe(status);
      expect(await api.stores.sessions.listByRequest(asked.id)).toEqual([]);
    });
  });

  it('never reaches the log', () => {
    const { error, warn, info } = api.logger;
    expect([error, warn, info].flatMap(({ mock }) => mock.calls)).toEqual([]);
  });

  it('leaves the back end as it was', async () => {
    const { body } = await api.get('ada', `/requests/${asked.id}`);
    expect(body).toMatchObject({ phase: 'Active', actions: { cancel: true } });
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
  });
});
