import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  FLOW_CONTROL,
  SESSION_PROTOCOL,
  TICKET_PROTOCOL_PREFIX,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import WebSocket from 'ws';
import type { Person } from '../../support/Person';
import { readDemo } from '../../support/demo';
import type { Place } from '../ApiServer';
import { terminalOver, untilOpen } from './channels';
import type { Terminal, Way } from './Terminal';

/** Through Backstage, with every check and with the recording. */
export function ours(
  person: Person,
  request: AccessRequestDetail,
  place: Place,
): Way {
  return {
    name: 'Kubernetes Access',
    open: async () => openSession(person, request.id, place),
  };
}

/** Asks for a ticket and opens its WebSocket, acknowledging output as the terminal in the browser does. */
export async function openSession(
  person: Person,
  requestId: string,
  place: Place,
): Promise<Terminal> {
  const { url } = readDemo();
  const { path, ticket } = await person.api.openSession(requestId, {
    ...place,
    columns: 80,
    rows: 24,
  });
  const socket = new WebSocket(
    `${url.replace(/^http/, 'ws')}/api/kubernetes-access${path}`,
    [SESSION_PROTOCOL, `${TICKET_PROTOCOL_PREFIX}${ticket}`],
    { origin: url, perMessageDeflate: false },
  );
  let unacknowledged = 0;
  const terminal = terminalOver(socket, bytes => {
    unacknowledged += bytes;
    if (unacknowledged >= FLOW_CONTROL.ack) {
      socket.send(JSON.stringify({ type: 'ack', bytes: unacknowledged }));
      unacknowledged = 0;
    }
  });
  await untilOpen(socket);
  return terminal;
}
