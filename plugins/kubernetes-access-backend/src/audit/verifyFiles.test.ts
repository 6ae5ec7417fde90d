import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { auditorServiceFactory } from '@backstage/backend-defaults/auditor';
import { WinstonLogger } from '@backstage/backend-defaults/rootLogger';
import type { AuditorService } from '@backstage/backend-plugin-api';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockServices,
  ServiceFactoryTester,
} from '@backstage/backend-test-utils';
import { format, transports } from 'winston';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import { ManualClock } from '../testUtils/ManualClock';
import { HeadReporter } from './HeadReporter';
import { verifyFiles } from './verifyFiles';

const ONE = '01jhz0000000000000000000aa';
const TWO = '01jhz0000000000000000000bb';
const KEYS = [
  { id: 'new', secret: 'not used yet' },
  { id: 'test', secret: 'a secret for tests' },
];

describe('kubernetes-access-verify', () => {
  let folder: string;
  let stores: TestStores;
  /** Backstage's log, as it is in production. */
  let log: string;

  const keep = (file: string, text: string) =>
    writeFile(join(folder, file), text);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ka-verify-'));
    stores = await openTestStores({ clock: new ManualClock() });
    log = '{"level":"info","message":"Listening on :7007"}\nno JSON at all\n';
    const reporter = new HeadReporter({
      audit: stores.audit,
      auditor: await auditorOfBackstage(),
      clock: new ManualClock(),
      logger: mockServices.logger.mock(),
    });
    reporter.start();
    for (const requestId of [ONE, TWO]) {
      for (const note of ['one', 'two', 'three']) {
        await stores.audit.append([
          {
            eventId: 'request-decide',
            actor: 'user:default/olga',
            outcome: 'succeeded',
            requestId,
            meta: { note },
          },
        ]);
      }
    }
    await reporter.stop();
    await keep('keys.json', JSON.stringify(KEYS));
    await keep('heads.jsonl', log);
  });

  afterEach(async () => {
    await stores.close();
    await rm(folder, { recursive: true });
  });

  /** The auditor that a back end has, on a log that is kept here. */
  async function auditorOfBackstage(): Promise<AuditorService> {
    const stream = new Writable({
      write(chunk, _encoding, done) {
        log += chunk;
        done();
      },
    });
    return ServiceFactoryTester.from(auditorServiceFactory, {
      dependencies: [
        createServiceFactory({
          service: coreServices.rootLogger,
          deps: {},
          factory: () =>
            WinstonLogger.create({
              format: format.json(),
              transports: [new transports.Stream({ stream })],
            }),
        }),
      ],
    }).getSubject('kubernetes-access');
  }

  async function exportTrail(): Promise<void> {
    let text = '';
    for await (const event of stores.archive.events()) {
      text += `${JSON.stringify(event)}\n`;
    }
    await keep('events.jsonl', text);
  }

  async function run(...args: string[]) {
    let text = '';
    const print = (line: string) => {
      text += `${line}\n`;
    };
    const paths = args.map(arg =>
      arg.startsWith('--') ? arg : join(folder, arg),
    );
    const code = await verifyFiles(paths, { out: print, err: print });
    return { code, text };
  }

  const ALL = [
    ...['--events', 'events.jsonl'],
    ...['--key-file', 'keys.json'],
    ...['--heads', 'heads.jsonl'],
  ];

  it('finds nothing wrong where nothing is', async () => {
    await exportTrail();
    expect(await run(...ALL)).toEqual({
      code: 0,
      text: `Sound: 8 events in 3 chains, 0 segments of recordings.
Without --segments, recordings were not looked at.
`,
    });
  });

  it('says what is wrong, and fails', async () => {
    await stores
      .knex('audit_events')
      .where({ chain: ONE, sequence: 2 })
      .update({ actor: 'user:default/omar' });
    await exportTrail();
    const { code, text } = await run(...ALL);
    expect(code).toBe(1);
    expect(text).toContain(`${ONE}: Event 2 was changed.\nNOT SOUND: 8 events`);
  });

  it("finds a tail that was cut off by Backstage's log, and says what it cannot find without", async () => {
    await stores.knex('audit_events').where({ chain: TWO, sequence: 3 }).del();
    await exportTrail();
    const { code, text } = await run(...ALL);
    expect(code).toBe(1);
    expect(text).toContain(
      `${TWO}: The chain ends at event 2, but its head is event 3.`,
    );
    const without = await run(...ALL.slice(0, 4));
    expect(without.code).toBe(0);
    expect(without.text).toContain(
      'Without --heads, tails that were cut off do not show.',
    );
  });

  it('finds a chain that is gone as a whole', async () => {
    await stores.knex('audit_events').where({ chain: TWO }).del();
    await exportTrail();
    expect((await run(...ALL)).text).toContain(
      `${TWO}: The whole chain is missing, although event 3 was reported as its head.`,
    );
    expect((await run(...ALL.slice(0, 4))).text).toContain(
      `${TWO}: The whole chain is missing, although the trail speaks of it.`,
    );
  });

  it('takes the generated key as it is', async () => {
    await exportTrail();
    await keep('key', 'a secret for tests\n');
    const { code, text } = await run(
      ...['--events', 'events.jsonl', '--key-file', 'key'],
    );
    expect(code).toBe(1);
    expect(text).toContain("Event 1 is signed with the unknown key 'test'.");
  });

  it.each([
    ['without what it needs', ['--events', 'events.jsonl'], /are needed/],
    ['with an option that there is not', ['--event', 'x'], /--event/],
    [
      'with a file that is not there',
      ['--events', 'nothing', '--key-file', 'keys.json'],
      /no such file.*nothing/,
    ],
    [
      'with keys that are none',
      ['--events', 'events.jsonl', '--key-file', 'wrong.json'],
      /wrong.json must hold/,
    ],
    [
      'with something else than an export',
      ['--events', 'heads.jsonl', '--key-file', 'keys.json'],
      /heads.jsonl, line 1: this is nothing of an export/,
    ],
    [
      'with a log that holds no heads',
      [...ALL.slice(0, 4), '--heads', 'events.jsonl'],
      /has no heads: is it Backstage's log/,
    ],
  ])('says what to do when it is called %s', async (_, args, message) => {
    await keep('events.jsonl', '');
    await keep('wrong.json', '[{"id": "a"}]');
    const { code, text } = await run(...args);
    expect(code).toBe(2);
    expect(text).toMatch(message);
  });

  it('is a program', async () => {
    await stores.knex('audit_events').where({ chain: ONE, sequence: 2 }).del();
    await exportTrail();
    const program = resolve(__dirname, '../../bin/kubernetes-access-verify.js');
    const args = ALL.map(arg =>
      arg.startsWith('--') ? arg : join(folder, arg),
    );
    const { code, stdout } = await new Promise<{
      code: unknown;
      stdout: string;
    }>(done => {
      execFile(process.execPath, [program, ...args], (error, printed) =>
        done({ code: error?.code, stdout: printed }),
      );
    });
    expect(stdout).toContain(`${ONE}: Event 2 is missing.`);
    expect(code).toBe(1);
  });
});
