import { Writable } from 'node:stream';
import { WinstonLogger } from '@backstage/backend-defaults/rootLogger';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { format, transports } from 'winston';

/** Keeps everything that a back end logs, at every level and nothing blotted out, and what it prints beside that. */
export class LogTrap {
  #text = '';
  readonly #restore: Array<() => void> = [];

  readonly logger = WinstonLogger.create({
    level: 'silly',
    format: format.json(),
    transports: [
      new transports.Stream({
        stream: new Writable({
          write: (chunk, _encoding, done) => {
            this.#text += chunk;
            done();
          },
        }),
      }),
    ],
  });

  /** For a back end. */
  readonly factory = createServiceFactory({
    service: coreServices.rootLogger,
    deps: {},
    factory: () => this.logger,
  });

  get text(): string {
    return this.#text;
  }

  /** From now on also what is printed without a logger. */
  listenToConsole(): void {
    for (const method of ['debug', 'log', 'info', 'warn', 'error'] as const) {
      const spy = jest.spyOn(console, method).mockImplementation((...args) => {
        this.#text += `${args.map(String).join(' ')}\n`;
      });
      this.#restore.push(() => spy.mockRestore());
    }
  }

  restoreConsole(): void {
    this.#restore.forEach(restore => restore());
  }
}
