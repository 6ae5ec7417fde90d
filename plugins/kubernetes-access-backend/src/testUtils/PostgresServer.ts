import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, chown, mkdtemp, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Knex as KnexType } from 'knex';
import Knex from 'knex';

const run = promisify(execFile);

/** Debian keeps the server's programs out of PATH. */
const DEBIAN_FOLDER = '/usr/lib/postgresql';
const START_MS = 60_000;
/** PostgreSQL refuses to run as root. */
const NOBODY = 65534;

/** Nothing of this has to survive a crash of the machine; what is committed survives one of the server. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '300',
  shared_buffers: '16MB',
  dynamic_shared_memory_type: 'mmap',
  fsync: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
};

/**
 * Runs the server until its standard input ends, which it does with the process that holds the other end, however
 * that dies. `exec` would leave nobody to clean up.
 */
const SUPERVISOR = `
  folder=$1; shift
  "$@" >>"$folder/log" 2>&1 &
  server=$!
  cat >/dev/null
  kill -QUIT "$server" 2>/dev/null
  wait "$server"
  test -e "$folder/keep" || rm -rf "$folder"
`;

/** How to reach a server. */
export interface PostgresAddress {
  host: string;
  port: number;
  user: string;
  password: string;
}

/** A PostgreSQL server of its own in a temporary folder, that ends with this process if nobody stops it before. */
export class PostgresServer {
  readonly address: PostgresAddress;
  /** Vanishes with the server. */
  readonly folder: string;
  #end: (() => Promise<void>) | undefined;

  /**
   * @param prefix - what the name of its folder begins with
   * @throws Error when there is no PostgreSQL on this machine
   */
  static async start(prefix: string = 'ka-postgres-'): Promise<PostgresServer> {
    const folder = await mkdtemp(join(tmpdir(), prefix));
    const password = randomBytes(16).toString('hex');
    await writeFile(join(folder, 'password'), password);
    await chmod(folder, 0o700);
    const { uid, gid } = serverUser();
    if (uid !== undefined && gid !== undefined) {
      await chown(join(folder, 'password'), uid, gid);
      await chown(folder, uid, gid);
    }
    await run(
      findProgram('initdb'),
      [
        `--pgdata=${join(folder, 'data')}`,
        '--username=tests',
        `--pwfile=${join(folder, 'password')}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // Not the order of bytes: what relies on that has to show.
        '--locale-provider=icu',
        '--icu-locale=en',
        '--locale=C.UTF-8',
        '--no-sync',
      ],
      { uid, gid, cwd: folder },
    );
    const server = new PostgresServer(folder, {
      host: '127.0.0.1',
      port: await freePort(),
      user: 'tests',
      password,
    });
    await server.resume();
    return server;
  }

  private constructor(folder: string, address: PostgresAddress) {
    this.folder = folder;
    this.address = address;
  }

  /** Starts it again with its data after {@link PostgresServer.pause}. */
  async resume(): Promise<void> {
    if (this.#end) {
      return;
    }
    await run('rm', ['-f', join(this.folder, 'keep')]);
    const settings = Object.entries({
      ...SETTINGS,
      port: String(this.address.port),
    }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const supervisor = spawn(
      'sh',
      [
        '-c',
        SUPERVISOR,
        'supervisor',
        this.folder,
        findProgram('postgres'),
        '-D',
        join(this.folder, 'data'),
        ...settings,
      ],
      {
        ...serverUser(),
        cwd: this.folder,
        // A Ctrl-C must not reach the server before whoever uses it has ended.
        detached: true,
        stdio: ['pipe', 'ignore', 'ignore'],
      },
    );
    const ended = new Promise<void>(resolve => {
      supervisor.once('exit', () => resolve());
    });
    supervisor.unref();
    (supervisor.stdin as unknown as { unref(): void }).unref();
    this.#end = async () => {
      supervisor.ref();
      supervisor.stdin.end();
      await ended;
    };
    await waitUntilReady(this.address, join(this.folder, 'log'));
  }

  /** Stops it as a crash does; its data stay. */
  async pause(): Promise<void> {
    await writeFile(join(this.folder, 'keep'), '');
    await this.#end?.();
    this.#end = undefined;
  }

  /** Stops it and removes what it kept. */
  async stop(): Promise<void> {
    await this.#end?.();
    this.#end = undefined;
    await run('rm', ['-rf', this.folder]);
  }
}

/** A pool of connections to one database of a server. */
export function connectPostgres(
  address: PostgresAddress,
  database: string,
  pool: { min: number; max: number } = { min: 0, max: 10 },
): KnexType {
  return Knex({ client: 'pg', connection: { ...address, database }, pool });
}

async function waitUntilReady(
  address: PostgresAddress,
  log: string,
): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    const knex = Knex({
      client: 'pg',
      connection: { ...address, database: 'postgres' },
      // That it does not answer at first is no news.
      log: { warn() {}, error() {} },
    });
    try {
      await knex.raw('select 1');
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        const said = existsSync(log) ? readFileSync(log, 'utf8') : '';
        throw new Error(`PostgreSQL did not start: ${error}\n${said}`);
      }
    } finally {
      await knex.destroy();
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** Who the server runs as: whoever runs the tests, but never root. */
function serverUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) {
    return {};
  }
  const [, uid, gid] =
    /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8')) ??
    [];
  return uid
    ? { uid: Number(uid), gid: Number(gid) }
    : { uid: NOBODY, gid: NOBODY };
}

function findProgram(name: string): string {
  const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER) : [];
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions
      .sort((a, b) => Number(b) - Number(a))
      .map(version => join(DEBIAN_FOLDER, version, 'bin')),
  ];
  const found = folders
    .map(folder => join(folder, name))
    .find(file => existsSync(file));
  if (!found) {
    throw new Error(
      `There is no PostgreSQL on this machine ('${name}' is neither in PATH nor below ${DEBIAN_FOLDER}): install Debian's package 'postgresql', or run 'npm test', which does so`,
    );
  }
  return found;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise(resolve => probe.close(resolve));
  return port;
}
