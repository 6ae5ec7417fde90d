import { readHeads } from './readHeads';

const heads = [
  { chain: '01jhz0000000000000000000aa', sequence: 7, mac: 'ab12' },
  { chain: 'system', sequence: 3, mac: 'cd34' },
];
const [head] = heads;
const event = JSON.stringify({
  eventId: 'audit-heads',
  actor: { actorId: 'plugin:kubernetes-access' },
  meta: { heads },
  level: 'info',
});

describe('readHeads', () => {
  it.each([
    ['an event of the auditor', event, heads],
    [
      'the same behind what a collector puts before it',
      `2026-11-21T12:00:00Z stdout F ${event}`,
      heads,
    ],
    [
      'the same in a string',
      JSON.stringify({ log: `${event}\n`, stream: 'stdout' }),
      heads,
    ],
    [
      'the same as it is shown while one develops',
      `[2m2026[22m kubernetes-access.audit-heads actor={"actorId":"x"} meta=${JSON.stringify(
        { heads },
      )} status="succeeded"`,
      heads,
    ],
    [
      'an event of a request',
      JSON.stringify({
        eventId: 'request-decide',
        meta: {
          requestId: head.chain,
          chainSequence: head.sequence,
          chainHead: head.mac,
        },
      }),
      [head],
    ],
    ['a head alone', JSON.stringify(head), [head]],
    ['another event', '{"eventId":"x","meta":{"heads":3}}', []],
    ['something without meta', '{"level":"info"}', []],
    ['what is no JSON', 'Listening on :7007 {', []],
    ['what is no head', '{"heads":[{"chain":1},null,"x"]}', []],
    ['nothing', '', []],
  ])('takes from %s what is there', (_, line, expected) => {
    expect(readHeads(line)).toEqual(expected);
  });
});
