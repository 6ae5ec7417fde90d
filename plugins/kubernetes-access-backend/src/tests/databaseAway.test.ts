import { join } from 'node:path';
import type { TestDatabase } from '../testUtils/engines';
import { connectSqlite, createTestDatabase } from '../testUtils/engines';
import { connectPostgres, PostgresServer } from '../testUtils/PostgresServer';
import { TcpProxy } from '../testUtils/TcpProxy';
import { type Told, WaitingRequest } from '../testUtils/WaitingRequest';

jest.setTimeout(180_000);

/** Nobody looks at a page that thinks for longer. */
const PATIENCE_MS = 40_000;
/** What tells more of the database than that it is away. */
const TOO_MUCH = /127\.0\.0\.1|ECONN|SQLITE|select|password/;

async function expectRefusals(scene: WaitingRequest): Promise<void> {
  const { told, tookMs } = await scene.answers();
  told.forEach(expectRefusal);
  expect(tookMs).toBeLessThan(PATIENCE_MS);
}

function expectRefusal({ status, message, text }: Told): void {
  expect([status, message]).toEqual([
    503,
    expect.stringMatching(/database of Kubernetes Access|no answer within/),
  ]);
  expect(text).not.toMatch(TOO_MUCH);
}

async function expectToGoOn(scene: WaitingRequest): Promise<void> {
  expect(await scene.goOn()).toBe('Denied');
  expect(scene.replica.isAlive).toBe(true);
  expect(scene.replica.log).not.toMatch(/unhandled|uncaught/i);
}

describe('while PostgreSQL is away', () => {
  let server: PostgresServer;
  let proxy: TcpProxy;
  let database: TestDatabase;
  let scene: WaitingRequest;

  beforeAll(async () => {
    server = await PostgresServer.start();
    proxy = await TcpProxy.start(`tcp://127.0.0.1:${server.address.port}`);
  });
  afterAll(async () => {
    await proxy?.stop();
    await server?.stop();
  });

  beforeEach(async () => {
    const address = { ...server.address, port: proxy.port };
    database = await createTestDatabase('postgres', address);
    scene = await WaitingRequest.start({
      database: database.config,
      connect: () =>
        connectPostgres(
          server.address,
          `${database.config.prefix}kubernetes-access`,
        ),
    });
  });
  afterEach(async () => {
    proxy.thaw();
    await server.resume();
    await scene?.replica.kill();
    await database.close();
  });

  it('the back end answers so, and goes on when it is back', async () => {
    await server.pause();
    await expectRefusals(scene);
    await new Promise(resolve => setTimeout(resolve, 6_000));
    await expectRefusals(scene);
    await server.resume();
    await expectToGoOn(scene);
  });

  it('the back end answers so also when nothing comes back over the network', async () => {
    proxy.freeze();
    await expectRefusals(scene);
    proxy.thaw();
    await expectToGoOn(scene);
  });
});

describe('while another process writes to the SQLite database', () => {
  it('the back end shows what is there, refuses what would change it, and goes on afterwards', async () => {
    const database = await createTestDatabase('sqlite');
    const { directory } = database.config.connection as { directory: string };
    const file = join(directory, 'kubernetes-access.sqlite');
    const scene = await WaitingRequest.start({
      database: database.config,
      connect: () => connectSqlite(file),
    });
    const holder = connectSqlite(file);
    await holder.raw('begin exclusive');
    const [seen, decided, listed, counted] = (await scene.answers()).told;
    expectRefusal(decided);
    expect([seen, listed, counted].map(({ status }) => status)).toEqual([
      200, 200, 200,
    ]);
    await holder.raw('rollback');
    await holder.destroy();
    await expectToGoOn(scene);
    await scene.replica.kill();
    await database.close();
  });
});
