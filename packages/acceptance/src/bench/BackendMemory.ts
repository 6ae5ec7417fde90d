import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { untilOpen } from './terminals/channels';

/** Where Node's inspector listens unless it is told otherwise. */
const INSPECTOR = 'http://127.0.0.1:9229/json';

/**
 * How much memory the back end takes, after its garbage was collected: what it has resident otherwise says more of
 * what happened before. It is asked over Node's inspector, which a signal opens.
 */
export class BackendMemory {
  readonly #pid: number;
  #socket: WebSocket | undefined;
  #calls = 0;

  constructor(pid: number) {
    this.#pid = pid;
  }

  /** Resident, in KB. Source: proc_pid_status(5). */
  async kilobytes(): Promise<number> {
    const socket = (this.#socket ??= await this.#connect());
    // What is let go by finalizers of the first time is collected in the second.
    await this.#call(socket, 'HeapProfiler.collectGarbage');
    await this.#call(socket, 'HeapProfiler.collectGarbage');
    await sleep(1_000);
    const status = readFileSync(`/proc/${this.#pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1.024;
  }

  async #connect(): Promise<WebSocket> {
    process.kill(this.#pid, 'SIGUSR1');
    await sleep(1_000);
    const [{ webSocketDebuggerUrl }] = await (await fetch(INSPECTOR)).json();
    const socket = new WebSocket(webSocketDebuggerUrl, {
      perMessageDeflate: false,
    });
    await untilOpen(socket);
    const { result } = await this.#call(socket, 'Runtime.evaluate', {
      expression: 'process.pid',
    });
    if (result.value !== this.#pid) {
      throw new Error(
        `The inspector at ${INSPECTOR} is that of process ${
          result.value
        }, not of the back end (${this.#pid})`,
      );
    }
    return socket;
  }

  async #call(
    socket: WebSocket,
    method: string,
    params: object = {},
  ): Promise<{ result: { value?: unknown } }> {
    this.#calls += 1;
    const id = this.#calls;
    const answered = new Promise<{ result: { value?: unknown } }>(resolve => {
      const listen = (data: Buffer) => {
        const message = JSON.parse(data.toString());
        if (message.id === id) {
          socket.off('message', listen);
          resolve(message.result);
        }
      };
      socket.on('message', listen);
    });
    socket.send(JSON.stringify({ id, method, params }));
    return answered;
  }
}
