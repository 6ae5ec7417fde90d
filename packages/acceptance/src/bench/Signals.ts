import { SIGNAL_CHANNEL } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import WebSocket from 'ws';
import { readDemo } from '../support/demo';
import type { Person } from '../support/Person';
import { untilOpen } from './terminals/channels';

/** What a person's browser hears of changes, over the app's own signals. */
export class Signals {
  static async listen(person: Person): Promise<Signals> {
    // The plugin leaves the first one of all unanswered; browsers try again, too.
    const socket = await connect(person).catch(() => connect(person));
    socket.send(
      JSON.stringify({ action: 'subscribe', channel: SIGNAL_CHANNEL }),
    );
    return new Signals(person, socket);
  }

  #onSignal: () => void = () => {};

  private constructor(
    private readonly person: Person,
    private readonly socket: WebSocket,
  ) {
    socket.on('message', () => this.#onSignal());
  }

  /** Does what the page does: looks again at every signal, until the request is active. */
  async untilActive(requestId: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        this.person.api.getRequest(requestId).then(
          ({ phase }) => phase === 'Active' && resolve(),
          error => reject(error),
        );
      };
      this.#onSignal = look;
      look();
    });
    this.#onSignal = () => {};
  }

  close(): void {
    this.socket.terminate();
  }
}

async function connect({ token }: Person): Promise<WebSocket> {
  const { url } = readDemo();
  const socket = new WebSocket(
    `${url.replace(/^http/, 'ws')}/api/signals`,
    token,
  );
  await untilOpen(socket);
  return socket;
}
