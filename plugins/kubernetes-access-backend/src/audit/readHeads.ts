import type { ChainHead } from './types';

/** The heads of an event `audit-heads`, wherever they stand in a line: nothing in them needs brackets. */
const HEADS = /"heads":(\[[^\]]*\])/;

/**
 * Reads the heads from a line of a log, whatever else the line holds. It takes
 *
 * - what Backstage's auditor writes, as JSON or as people see it while they develop:
 *   `{"eventId":"audit-heads","meta":{"heads":[{…}]}}`, also where a log collector has wrapped it into a string;
 * - its events of requests, as JSON, which carry the head of their chain:
 *   `{"meta":{"requestId":…,"chainHead":…,"chainSequence":…}}`;
 * - a head alone: `{"chain":…,"sequence":…,"mac":…}`.
 */
export function readHeads(line: string): ChainHead[] {
  const [, heads] = HEADS.exec(line.replace(/\\"/g, '"')) ?? [];
  const candidates = heads ? parse(heads) : headsOfEvent(parse(line));
  return Array.isArray(candidates)
    ? candidates
        .filter(isHead)
        .map(({ chain, sequence, mac }) => ({ chain, sequence, mac }))
    : [];
}

function headsOfEvent(entry: unknown): unknown[] {
  const { meta = entry } = Object(entry);
  const { requestId, chainSequence, chainHead } = Object(meta);
  return [meta, { chain: requestId, sequence: chainSequence, mac: chainHead }];
}

function isHead(value: unknown): value is ChainHead {
  const { chain, sequence, mac } = Object(value);
  return (
    typeof chain === 'string' &&
    Number.isInteger(sequence) &&
    typeof mac === 'string'
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
