import { randomUUID } from 'node:crypto';
import { CHANNEL } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { WebSocket } from 'ws';
import type { StoredSession } from '../database/types';
import type { ClusterConnection, Pod } from '../kubernetes';
import { OWN_IDENTITY, podsPath } from '../kubernetes';
import { shellCommand } from '../sessions';
import { eventually } from './RealCluster';

/** A shell as a session has it, without the session around it. */
export class MarkedShell {
  static async open(
    connection: ClusterConnection,
    session: StoredSession,
  ): Promise<MarkedShell> {
    const socket = await connection.openExec({
      namespace: session.namespace,
      pod: session.pod,
      container: session.container,
      command: shellCommand(session),
      tty: true,
      stdin: true,
      token: OWN_IDENTITY,
      userAgent: 'kubernetes-access/test',
      auditId: randomUUID(),
      timeoutMs: 10_000,
    });
    const shell = new MarkedShell(socket);
    await eventually(() => expect(shell.screen).toMatch(/[#$] /));
    return shell;
  }

  screen = '';
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (frame: Buffer) => {
      if (frame[0] === CHANNEL.stdout) {
        this.screen += frame.subarray(1).toString('utf8');
      }
    });
    socket.resume();
  }

  /** Types a line and waits until the shell is through with it. */
  async run(line: string): Promise<void> {
    const done = randomUUID();
    this.#type(`${line}\necho "${done}".\n`);
    await eventually(() => expect(this.screen).toContain(`${done}.`));
  }

  /** Types without waiting. */
  #type(text: string): void {
    this.#socket.send(
      Buffer.concat([Buffer.of(CHANNEL.stdin), Buffer.from(text)]),
    );
  }

  /** Cuts the stream, which ends nothing in the container. */
  close(): void {
    this.#socket.terminate();
  }
}

/** The row of a session in a container that runs now. */
export async function sessionIn(
  connection: ClusterConnection,
  place: { namespace: string; pod: string; container: string },
  changes: Partial<StoredSession>,
): Promise<StoredSession> {
  const pod = await connection.client.get<Pod>(
    podsPath(place.namespace, place.pod),
  );
  const container = pod.status?.containerStatuses?.find(
    ({ name }) => name === place.container,
  );
  return {
    id: randomUUID().replace(/-/g, '').slice(0, 26),
    requestId: '01jcm0000000000000000000aa',
    clusterUid: connection.uid,
    user: 'user:default/ada',
    mark: 123_456_789,
    replica: 'replica-1',
    ...place,
    podUid: pod.metadata.uid ?? '',
    containerId: container?.containerID ?? '',
    state: 'closed',
    columns: 80,
    rows: 24,
    createdAt: new Date().toISOString(),
    bytesIn: 1,
    bytesOut: 1,
    recorded: false,
    ...changes,
  };
}
