import { FakeApiServer } from '../testUtils/FakeApiServer';
import { isConflict, isNotFound, KubeConnectionError } from './errors';
import { HttpKubeClient } from './HttpKubeClient';
import type { KubeObject, WatchEvent } from './types';

const THINGS = '/api/v1/things';

function thing(name: string): KubeObject {
  return { metadata: { name } };
}

describe('HttpKubeClient', () => {
  let server: FakeApiServer;
  let client: HttpKubeClient;
  let connectionErrors: number;
  let token: string;

  beforeEach(async () => {
    server = await FakeApiServer.start();
    connectionErrors = 0;
    token = 'first';
    client = clientOf(server.url);
  });

  afterEach(async () => {
    await client.close();
    await server.stop();
  });

  function clientOf(url: string): HttpKubeClient {
    return new HttpKubeClient({
      endpoint: {
        server: url,
        tls: {},
        authorize: async () => ({ authorization: `Bearer ${token}` }),
      },
      onConnectionError: () => {
        connectionErrors += 1;
      },
    });
  }

  it('reads an object and says who it is', async () => {
    server.on('GET', `${THINGS}/a`, thing('a'));

    expect(await client.get(`${THINGS}/a`)).toEqual(thing('a'));

    expect(server.requests[0].headers).toMatchObject({
      authorization: 'Bearer first',
      accept: 'application/json',
      'user-agent': 'kubernetes-access',
    });
  });

  it('asks who it is at every call', async () => {
    server.on('GET', `${THINGS}/a`, thing('a'));
    await client.get(`${THINGS}/a`);

    token = 'second';
    await client.get(`${THINGS}/a`);

    expect(server.requests[1].headers.authorization).toBe('Bearer second');
  });

  it('reaches an API server behind a path', async () => {
    server.on('GET', '/clusters/c-1/version', { minor: '34' });
    const behindPath = clientOf(`${server.url}/clusters/c-1`);

    expect(await behindPath.getJson('/version')).toEqual({ minor: '34' });

    await behindPath.close();
  });

  it('keeps its connections from call to call', async () => {
    server.on('GET', `${THINGS}/a`, thing('a'));

    for (let calls = 0; calls < 20; calls++) {
      await client.get(`${THINGS}/a`);
    }

    expect(server.connections).toBeLessThan(3);
  });

  describe('listing', () => {
    it('reads all pages', async () => {
      server.on('GET', THINGS, (request, response) => {
        const isFirst = !request.query.has('continue');
        response.end(
          JSON.stringify({
            items: [thing(isFirst ? 'a' : 'b')],
            metadata: {
              resourceVersion: '7',
              ...(isFirst ? { continue: 'more' } : {}),
            },
          }),
        );
      });

      const list = await client.list(THINGS, { labelSelector: 'app=api' });

      expect(list.items).toEqual([thing('a'), thing('b')]);
      expect(list.metadata.resourceVersion).toBe('7');
      expect(server.requests.map(({ query }) => query.toString())).toEqual([
        'labelSelector=app%3Dapi&limit=500',
        'labelSelector=app%3Dapi&limit=500&continue=more',
      ]);
    });

    it('leaves out what does not select', async () => {
      server.on('GET', THINGS, { items: [], metadata: {} });

      await client.list(THINGS, { labelSelector: undefined });

      expect(server.requests[0].query.toString()).toBe('limit=500');
    });
  });

  it('writes with the method and the content type of each kind of write', async () => {
    server
      .on('POST', THINGS, thing('a'))
      .on('PUT', `${THINGS}/a`, thing('a'))
      .on('PATCH', `${THINGS}/a`, thing('a'));

    await client.create(THINGS, thing('a'));
    await client.replace(`${THINGS}/a`, thing('a'));
    await client.patch(`${THINGS}/a`, 'merge', { metadata: {} });
    await client.patch(`${THINGS}/a`, 'json', [{ op: 'test' }]);

    expect(
      server.requests.map(({ method, headers, body }) => [
        method,
        headers['content-type'],
        body,
      ]),
    ).toEqual([
      ['POST', 'application/json', thing('a')],
      ['PUT', 'application/json', thing('a')],
      ['PATCH', 'application/merge-patch+json', { metadata: {} }],
      ['PATCH', 'application/json-patch+json', [{ op: 'test' }]],
    ]);
  });

  it('deletes only the very object whose UID it was given', async () => {
    server.on('DELETE', `${THINGS}/a`, { kind: 'Status' });

    await client.delete(`${THINGS}/a`, { uid: 'uid-1' });

    expect(server.requests[0].body).toMatchObject({
      kind: 'DeleteOptions',
      preconditions: { uid: 'uid-1' },
    });
  });

  it('throws what the API server says', async () => {
    server.refuse('POST', THINGS, {
      code: 409,
      reason: 'AlreadyExists',
      message: 'things "a" already exists',
    });

    const creating = client.create(THINGS, thing('a'));

    await expect(creating).rejects.toMatchObject({
      status: 409,
      reason: 'AlreadyExists',
      message: `POST ${THINGS}: things "a" already exists`,
    });
    expect(await creating.catch(isConflict)).toBe(true);
    expect(await client.get(`${THINGS}/b`).catch(isNotFound)).toBe(true);
    expect(connectionErrors).toBe(0);
  });

  it('gives up after its time and tells that the connection is to blame', async () => {
    server.on('GET', THINGS, () => {});

    const reading = client.get(THINGS, { timeoutMs: 30 });

    await expect(reading).rejects.toThrow(KubeConnectionError);
    await expect(reading).rejects.toThrow(
      `GET ${THINGS}: no answer after 30 ms`,
    );
    expect(connectionErrors).toBe(1);
  });

  it('gives up when the answer stops half-way', async () => {
    server.on('GET', THINGS, (_, response) => {
      response.writeHead(200);
      response.write('{"items":');
    });

    await expect(client.get(THINGS, { timeoutMs: 30 })).rejects.toThrow(
      `GET ${THINGS}: no answer after 30 ms`,
    );
  });

  it('blames nobody when the caller gives up', async () => {
    server.on('GET', THINGS, () => {});
    const abort = new AbortController();
    const reading = client.get(THINGS, { signal: abort.signal });

    abort.abort();

    await expect(reading).rejects.toThrow(KubeConnectionError);
    expect(connectionErrors).toBe(0);
  });

  it.each([
    ['nobody listens', (url: string) => url.replace(/\d+$/, '1')],
    ['the name does not exist', () => 'http://cluster.invalid'],
  ])('throws a connection error when %s', async (_, urlFor) => {
    const lost = clientOf(urlFor(server.url));

    await expect(lost.get(THINGS)).rejects.toThrow(KubeConnectionError);

    expect(connectionErrors).toBe(1);
    await lost.close();
  });

  it('throws a connection error when something else answers', async () => {
    server.on('GET', THINGS, (_, response) => {
      response.end('<html>sign in</html>');
    });

    await expect(client.get(THINGS)).rejects.toThrow(KubeConnectionError);
  });

  it('removes while every connection for other calls is taken', async () => {
    server
      .on('GET', THINGS, () => {})
      .on('DELETE', `${THINGS}/a`, { kind: 'Status' });
    const stuck = Array.from({ length: 40 }, () =>
      client.get(THINGS, { timeoutMs: 60_000 }).catch(() => undefined),
    );

    await client.delete(`${THINGS}/a`, { lane: 'removal', timeoutMs: 5_000 });

    expect(server.requests.some(({ method }) => method === 'DELETE')).toBe(
      true,
    );
    await client.close();
    await Promise.all(stuck);
  });

  describe('watching', () => {
    const query = { resourceVersion: '7', timeoutSeconds: 270 };

    function follow(signal = new AbortController().signal) {
      const events: Array<WatchEvent<KubeObject>> = [];
      const over = (async () => {
        for await (const event of client.watch(THINGS, query, signal)) {
          events.push(event);
        }
      })();
      // Whether it fails is looked at by those tests that care.
      over.catch(() => {});
      return { events, over };
    }

    it('asks for bookmarks and yields events until the API server closes the watch', async () => {
      const served = server.nextWatch(THINGS);
      const { events, over } = follow();
      const watch = await served;

      watch.send('ADDED', thing('a'));
      watch.send('BOOKMARK', thing(''));
      watch.end();
      await over;

      expect(events).toEqual([
        { type: 'ADDED', object: thing('a') },
        { type: 'BOOKMARK', object: thing('') },
      ]);
      expect(Object.fromEntries(watch.request.query)).toEqual({
        watch: 'true',
        allowWatchBookmarks: 'true',
        resourceVersion: '7',
        timeoutSeconds: '270',
      });
    });

    it('throws when the version is gone, said in an event or at once', async () => {
      const gone = { kind: 'Status', code: 410, reason: 'Expired' };
      const served = server.nextWatch(THINGS);
      const inEvent = follow();
      (await served).send('ERROR', gone);
      await expect(inEvent.over).rejects.toMatchObject({ status: 410 });

      server.refuse('GET', THINGS, {
        code: 410,
        reason: 'Expired',
        message: 'too old',
      });
      await expect(follow().over).rejects.toMatchObject({ status: 410 });
      expect(connectionErrors).toBe(0);
    });

    it('throws a connection error when the connection is cut', async () => {
      const served = server.nextWatch(THINGS);
      const { over } = follow();
      (await served).cut();

      await expect(over).rejects.toThrow(KubeConnectionError);
      expect(connectionErrors).toBe(1);
    });

    it('ends the request when it is aborted', async () => {
      const served = server.nextWatch(THINGS);
      const abort = new AbortController();
      const { over } = follow(abort.signal);
      const watch = await served;
      const closed = new Promise(resolve => {
        watch.response.once('close', resolve);
      });

      abort.abort();

      await expect(over).rejects.toThrow(KubeConnectionError);
      await closed;
      expect(connectionErrors).toBe(0);
    });

    it('ends the request when nobody listens any more', async () => {
      const served = server.nextWatch(THINGS);
      const abort = new AbortController();
      const first = (async () => {
        for await (const event of client.watch(THINGS, query, abort.signal)) {
          return event.type;
        }
        return undefined;
      })();
      const watch = await served;
      const closed = new Promise(resolve => {
        watch.response.once('close', resolve);
      });

      watch.send('ADDED', thing('a'));

      expect(await first).toBe('ADDED');
      await closed;
    });
  });
});
