import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mockCredentials } from '@backstage/backend-test-utils';
import type { SessionTicket } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { parse } from 'yaml';
import { FaultProxy } from '../testUtils/chaos/FaultProxy';
import type { Fault, Match } from '../testUtils/chaos/faults';
import { ENGINES } from '../testUtils/engines';
import { eventually, RealCluster } from '../testUtils/RealCluster';
import type { Place, Secret } from '../testUtils/secrets/findSecrets';
import { findSecrets } from '../testUtils/secrets/findSecrets';
import { LogTrap } from '../testUtils/secrets/LogTrap';
import type { StoredData } from '../testUtils/secrets/StoredData';
import { storedDataOf } from '../testUtils/secrets/StoredData';
import { TestBackend } from '../testUtils/TestBackend';
import type { TestTerminal } from '../testUtils/TestTerminal';

jest.setTimeout(240_000);

/** Every kind of which we write or read something. */
const KINDS =
  'accessrequests,namespaces,pods,serviceaccounts,roles,rolebindings,leases,configmaps,secrets,events';

const TOKEN = /\/serviceaccounts\/[^/]+\/token$/;
const EXEC = /\/exec$/;

/** Goes through everything once: asking, refusals, deciding, terminals, faults, a restart and the end. */
describe.each(ENGINES)(
  'after all that can happen to a request, on %s',
  engine => {
    const auditKey = randomBytes(32).toString('hex');
    const typedUnseen = `unseen-${randomBytes(12).toString('hex')}`;
    const typedInTheOpen = `seen-${randomBytes(12).toString('hex')}`;
    const tickets: string[] = [];
    /** Every answer of the API, and everything that reached a browser. */
    const answers: Place[] = [];
    /** What the cluster had while the access stood. */
    let midway: Place[] = [];

    let cluster: RealCluster;
    let proxy: FaultProxy;
    let stored: StoredData;
    let backend: TestBackend;
    let kubeconfig: string;
    const log = new LogTrap();
    const logAtStart: { auditLog?: number } = {};

    beforeAll(async () => {
      log.listenToConsole();
      cluster = await RealCluster.connect();
      proxy = await FaultProxy.start(cluster.kubeconfig);
      stored = await storedDataOf(engine);
      kubeconfig = await proxy.writeKubeconfig(
        join(cluster.folder, 'through-proxy.yaml'),
      );
      logAtStart.auditLog = (await clusterAuditLog()).length;
      backend = await start();
      await goThroughEverything();
      await backend.stop();
    });

    afterAll(async () => {
      log.restoreConsole();
      await proxy?.stop();
      await cluster?.close();
      await stored?.database.close();
    });

    async function start(): Promise<TestBackend> {
      const started = await TestBackend.start({
        database: stored.database,
        rootLogger: log.factory,
        kubernetesAccess: {
          clusters: [
            { name: 'test', title: 'Test', kubeconfig: { file: kubeconfig } },
          ],
          defaults: { minDuration: '1s' },
          admins: ['group:default/platform'],
          audit: { keys: [{ id: 'test', secret: auditKey }] },
        },
      });
      await eventually(async () => {
        const { body } = await started.get(
          'ada',
          '/entities/component/default/payments-api/access',
        );
        expect(body.targets?.[0]?.problem).toBeUndefined();
        expect(body.targets[0].pods).not.toEqual([]);
      });
      return started;
    }

    async function goThroughEverything(): Promise<void> {
      await beRefused();
      const id = await becomeActive();
      await meetFaults(id);
      await typeUnseen(id);
      midway = await clusterPlaces('while the access stood');

      const cut = await openTerminal(id);
      proxy.breakOff();
      await cut.closed;
      note('a terminal that was cut off', cut);

      await backend.stop();
      backend = await start();
      await lookAtEverything(id);
      const last = await openTerminal(id);
      await call('post', 'olga', `/requests/${id}/revoke`, {});
      await last.closed;
      note('the last terminal', last);
      await eventually(async () =>
        expect((await backend.see('ada', id)).removal).toMatchObject({
          state: 'removed',
        }),
      );
      await lookAtEverything(id);
    }

    async function beRefused(): Promise<void> {
      const asked = await backend.ask('ada');
      await call('post', 'ada', `/requests/${asked.id}/approve`, {
        digest: asked.digest,
      });
      await call('get', 'sam', `/requests/${asked.id}`);
      await call('post', 'ada', '/requests', { reason: 17, token: 'x' });
      await call('post', 'olga', `/requests/${asked.id}/deny`, {
        digest: asked.digest,
        comment: 'Not today, please.',
      });
    }

    async function becomeActive(): Promise<string> {
      const asked = await backend.ask('ada');
      await backend.approve('olga', asked);
      await eventually(async () =>
        expect((await backend.see('ada', asked.id)).phase).toBe('Active'),
      );
      return asked.id;
    }

    /** The API server refuses, breaks and hangs up at each call that a terminal needs. */
    async function meetFaults(id: string): Promise<void> {
      const faults: Array<[Match, Fault]> = [
        [{ path: TOKEN }, { kind: 'answer', status: 500, message: 'broken' }],
        [{ path: EXEC }, { kind: 'answer', status: 401, message: 'who?' }],
        [{ path: EXEC }, { kind: 'answer', status: 500, message: 'broken' }],
        [{ path: EXEC }, { kind: 'cut-before' }],
        [{ path: EXEC }, { kind: 'cut-after' }],
      ];
      for (const [match, fault] of faults) {
        proxy.when(match, fault);
        const terminal = backend.connect(await getTicket(id));
        await terminal.closed;
        note('a terminal that met a fault', terminal);
        proxy.clear();
      }
      const { path, ticket } = await getTicket(id);
      const opened = backend.connect({ path, ticket } as SessionTicket);
      await isReady(opened);
      const replayed = backend.connect({ path, ticket } as SessionTicket);
      await replayed.closed;
      note('a terminal with a used ticket', replayed);
      opened.close();
      await opened.closed;
      note('a terminal', opened);
    }

    async function typeUnseen(id: string): Promise<void> {
      const terminal = await openTerminal(id);
      terminal.identify(mockCredentials.user.token('user:default/ada'));
      terminal.type(`echo ${typedInTheOpen}\n`);
      await terminal.expectOutput(new RegExp(`^${typedInTheOpen}`, 'm'));
      terminal.type('stty -echo; echo now-$((6*7)); read -r password\n');
      await terminal.expectOutput(/now-42/);
      terminal.type(`${typedUnseen}\n`);
      terminal.type('stty echo; echo "length=${#password}"\n');
      await terminal.expectOutput(
        new RegExp(`length=${typedUnseen.length}\\b`),
      );
      terminal.type('exit\n');
      await terminal.closed;
      note('the terminal in which something was typed unseen', terminal);
    }

    async function lookAtEverything(id: string): Promise<void> {
      for (const path of [
        '/requests?scope=mine',
        `/requests/${id}`,
        `/requests/${id}/pods`,
        '/entities/component/default/payments-api/access',
        '/counts',
        '/openapi.json',
      ]) {
        await call('get', 'ada', path);
      }
      for (const path of ['verification', 'events', 'segments']) {
        await call('get', 'pia', `/audit/${path}`);
      }
    }

    async function call(
      method: 'get' | 'post',
      person: string,
      path: string,
      body?: object,
    ): Promise<void> {
      const { text, headers } = await backend[method](person, path, body);
      answers.push({
        name: `the answer to ${method} ${path} of ${person}`,
        content: `${JSON.stringify(headers)}\n${text}`,
      });
    }

    async function getTicket(id: string): Promise<SessionTicket> {
      const { body } = await backend.get('ada', `/requests/${id}/pods`);
      const [{ namespace, name: pod }] = body.items;
      const ticket = await backend.ticket('ada', id, {
        namespace,
        pod,
        container: 'app',
      });
      tickets.push(ticket.ticket);
      const { ticket: _, ...rest } = ticket;
      answers.push({ name: 'a ticket', content: JSON.stringify(rest) });
      return ticket;
    }

    async function openTerminal(id: string): Promise<TestTerminal> {
      const terminal = backend.connect(await getTicket(id));
      await isReady(terminal);
      return terminal;
    }

    async function isReady(terminal: TestTerminal): Promise<void> {
      await eventually(() =>
        expect(terminal.messages).toEqual(
          expect.arrayContaining([expect.objectContaining({ type: 'ready' })]),
        ),
      );
    }

    function note(name: string, terminal: TestTerminal): void {
      const content = JSON.stringify(terminal.messages) + terminal.output;
      answers.push({ name, content });
    }

    async function clusterPlaces(when: string): Promise<Place[]> {
      const content = await cluster.kubectl([
        ...['get', KINDS, '--all-namespaces'],
        ...['--output=yaml', '--show-managed-fields'],
      ]);
      return [{ name: `the cluster ${when}`, content }];
    }

    async function clusterAuditLog(): Promise<Buffer> {
      const { auditLog } = cluster.cluster.info;
      return auditLog ? readFile(auditLog) : Buffer.alloc(0);
    }

    async function everyPlace(): Promise<Place[]> {
      return [
        ...answers,
        ...midway,
        ...(await clusterPlaces('in the end')),
        ...(await stored.places()),
        { name: 'the log', content: log.text },
        {
          name: "the API server's audit log",
          content: (await clusterAuditLog()).subarray(logAtStart.auditLog),
        },
      ];
    }

    async function secrets(): Promise<Secret[]> {
      const { users } = parse(await readFile(kubeconfig, 'utf8'));
      return [
        {
          name: "the back end's own token",
          value: signatureOf(users[0].user.token),
        },
        ...bearerTokens().map((token, number) => ({
          name: `the token ${number} that was shown to the cluster`,
          value: signatureOf(token),
        })),
        ...['ada', 'olga', 'sam', 'pia'].map(person => ({
          name: `${person}'s token`,
          value: mockCredentials.user.token(`user:default/${person}`),
        })),
        ...tickets.map((value, number) => ({
          name: `ticket ${number}`,
          value,
        })),
        { name: 'what was typed unseen', value: typedUnseen },
        { name: 'the key of the audit trail', value: auditKey },
      ];
    }

    function bearerTokens(): string[] {
      return [...proxy.authorizations]
        .filter(value => value.startsWith('Bearer '))
        .map(value => value.slice('Bearer '.length));
    }

    it('was shown what it must keep to itself', () => {
      // The back end's own, and those of the grant before and after the restart.
      expect(bearerTokens().length).toBeGreaterThanOrEqual(3);
      expect(tickets.length).toBeGreaterThanOrEqual(8);
      expect(log.text.length).toBeGreaterThan(1_000);
    });

    it('has left no secret anywhere', async () => {
      expect(findSecrets(await secrets(), await everyPlace())).toEqual([]);
    });

    it('would have been found out', async () => {
      const [own, , token] = await secrets();
      log.logger.info('planted', { deep: { token: own.value } });
      const knex = stored.connect();
      await knex.raw('create table planted (note text)');
      await knex('planted').insert({
        note: Buffer.from(`Bearer ${token.value}`).toString('base64'),
      });
      if (engine === 'sqlite') {
        // What is deleted is still in the file.
        await knex.raw('drop table planted');
      }
      await knex.destroy();
      await cluster.kubectl([
        ...['annotate', 'namespace', 'payments'],
        `kubernetes-access.io/planted=${encodeURIComponent(typedUnseen)}`,
      ]);
      try {
        expect(findSecrets(await secrets(), await everyPlace())).toEqual(
          expect.arrayContaining([
            `${own.name} as it is in the log`,
            `${token.name} as base64 in the database`,
            'what was typed unseen as it is in the cluster in the end',
          ]),
        );
      } finally {
        await cluster.kubectl([
          ...['annotate', 'namespace', 'payments'],
          'kubernetes-access.io/planted-',
        ]);
      }
      // What is typed in the open is in the recording, and so would be anything else.
      expect(
        findSecrets(
          [{ name: 'what was typed', value: typedInTheOpen }],
          await everyPlace(),
        ),
      ).toContain('what was typed as it is in the recordings');
    });
  },
);

/** The part of a token that makes it one; the rest says who has it, which is no secret. */
function signatureOf(token: string): string {
  const [, , signature = token] = token.split('.');
  return signature;
}
