import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { it } from 'node:test';
import { freePort } from './freePort.mjs';

it('takes another port where the wanted one is taken', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();

  const found = await freePort(port);
  server.close();

  assert.notEqual(found, port);
  assert.ok(found > 0);
});
