import type { Config } from '@backstage/config';

/**
 * The origins that browsers may open a session's WebSocket from: where the app is served and what CORS names.
 * Patterns are left out: a WebSocket is not protected by CORS, so each origin must be named in full.
 */
export function readAllowedOrigins(rootConfig: Config): string[] {
  const candidates = [
    rootConfig.getOptionalString('app.baseUrl'),
    ...readCorsOrigins(rootConfig),
  ];
  const origins = candidates
    .map(originOf)
    .filter(origin => origin !== undefined);
  return [...new Set(origins)];
}

function readCorsOrigins(rootConfig: Config): string[] {
  const value = rootConfig.getOptional('backend.cors.origin');
  const values = Array.isArray(value) ? value : [value];
  return values.filter(origin => typeof origin === 'string');
}

function originOf(text: string | undefined): string | undefined {
  if (!text || text.includes('*') || !URL.canParse(text)) {
    return undefined;
  }
  const { origin } = new URL(text);
  return origin === 'null' ? undefined : origin;
}
