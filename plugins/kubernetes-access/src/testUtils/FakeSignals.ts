import type {
  SignalApi,
  SignalSubscriber,
} from '@backstage/plugin-signals-react';
import type { JsonObject } from '@backstage/types';

/** Signals that a test sends. */
export class FakeSignals implements SignalApi {
  readonly #subscribers = new Map<string, Set<(message: never) => void>>();

  subscribe<TMessage extends JsonObject>(
    channel: string,
    onMessage: (message: TMessage) => void,
  ): SignalSubscriber {
    const ofChannel = this.#subscribers.get(channel) ?? new Set();
    this.#subscribers.set(channel, ofChannel.add(onMessage));
    return { unsubscribe: () => ofChannel.delete(onMessage) };
  }

  send(channel: string, message: JsonObject): void {
    this.#subscribers
      .get(channel)
      ?.forEach(onMessage => onMessage(message as never));
  }

  subscriberCount(channel: string): number {
    return this.#subscribers.get(channel)?.size ?? 0;
  }
}
