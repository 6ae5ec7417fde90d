import type { ChainHead } from './TrailVerifier';

/**
 * Reads the heads from a line of a log, whatever else the line holds. It takes
 *
 * - what Backstage's auditor writes as JSON: `{"eventId":"audit-heads","meta":{"heads":[{…}]}}`, and the events of
 *   requests, which carry the head of their chain: `{"meta":{"requestId":…,"chainHead":…,"chainSequence":…}}`;
 * - the same without `meta`;
 * - a head alone: `{"chain":…,"sequence":…,"mac":…}`.
 */
export function readHeads(line: string): ChainHead[] {
  const start = line.indexOf('{');
  if (start < 0) {
    return [];
  }
  const entry = parse(line.slice(start));
  const meta = isObject(entry.meta) ? entry.meta : entry;
  const candidates = Array.isArray(meta.heads)
    ? meta.heads
    : [
        meta,
        {
          chain: meta.requestId,
          sequence: meta.chainSequence,
          mac: meta.chainHead,
        },
      ];
  return candidates.filter(isHead).map(({ chain, sequence, mac }) => ({
    chain,
    sequence,
    mac,
  }));
}

function isHead(value: unknown): value is ChainHead {
  return (
    isObject(value) &&
    typeof value.chain === 'string' &&
    Number.isInteger(value.sequence) &&
    typeof value.mac === 'string'
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function parse(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
