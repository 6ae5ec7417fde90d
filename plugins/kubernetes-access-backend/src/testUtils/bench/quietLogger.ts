import type { LoggerService } from '@backstage/backend-plugin-api';

/** Says only what is an error. */
export function quietLogger(): LoggerService {
  const logger: LoggerService = {
    debug() {},
    info() {},
    warn() {},
    error: (message, meta) => console.error(message, meta ?? ''),
    child: () => logger,
  };
  return logger;
}
