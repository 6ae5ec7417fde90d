import { SESSION_PROTOCOL } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { judgeHandshake } from './handshake';
import { createTicket } from './ticket';

const ORIGINS = ['https://backstage.example.com', 'http://localhost:3000'];
const ticket = createTicket();
const GOOD = {
  origin: 'https://backstage.example.com',
  'sec-websocket-protocol': `${SESSION_PROTOCOL}, ticket.${ticket}`,
};

describe('judgeHandshake', () => {
  it('takes a known origin with our protocol and a ticket', () => {
    expect(judgeHandshake('s1', GOOD, ORIGINS)).toEqual({
      sessionId: 's1',
      ticket,
    });
  });

  it.each([
    ['no origin', { origin: undefined }, 403, 'no-origin'],
    ['the origin null', { origin: 'null' }, 403, 'foreign-origin'],
    [
      'another origin',
      { origin: 'https://evil.example.com' },
      403,
      'foreign-origin',
    ],
    [
      'an origin that only begins like ours',
      { origin: 'https://backstage.example.com.evil.com' },
      403,
      'foreign-origin',
    ],
    [
      'another scheme',
      { origin: 'http://backstage.example.com' },
      403,
      'foreign-origin',
    ],
    [
      'no subprotocol',
      { 'sec-websocket-protocol': undefined },
      400,
      'no-protocol',
    ],
    [
      'a ticket without our protocol',
      { 'sec-websocket-protocol': `ticket.${ticket}` },
      400,
      'no-protocol',
    ],
    [
      'our protocol without a ticket',
      { 'sec-websocket-protocol': SESSION_PROTOCOL },
      401,
      'no-ticket',
    ],
  ])('refuses %s', (_, headers, status, reason) => {
    expect(judgeHandshake('s1', { ...GOOD, ...headers }, ORIGINS)).toEqual({
      status,
      reason,
    });
  });

  it('refuses everybody when no origin is allowed', () => {
    expect(judgeHandshake('s1', GOOD, [])).toMatchObject({ status: 403 });
  });
});
