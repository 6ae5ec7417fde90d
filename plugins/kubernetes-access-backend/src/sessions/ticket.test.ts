import { createTicket, hashTicket, ticketAmong } from './ticket';

describe('tickets', () => {
  it('have 32 random bytes in 43 characters', () => {
    const ticket = createTicket();
    expect(ticket).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(createTicket()).not.toBe(ticket);
  });

  it('are stored as their SHA-256', () => {
    expect(hashTicket('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  const ticket = createTicket();
  it.each([
    ['one ticket', [`ticket.${ticket}`], ticket],
    ['other protocols beside it', ['v1.x', `ticket.${ticket}`], ticket],
    ['none', ['v1.x'], undefined],
    ['two tickets', [`ticket.${ticket}`, `ticket.${ticket}`], undefined],
    ['a short one', ['ticket.abc'], undefined],
    ['foreign characters', [`ticket.${ticket.slice(1)}=`], undefined],
  ])('are found among the subprotocols: %s', (_, protocols, expected) => {
    expect(ticketAmong(protocols)).toBe(expected);
  });
});
